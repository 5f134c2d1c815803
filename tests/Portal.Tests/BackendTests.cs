using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Portal.Tests;

/// <summary>A test of a backend makes a real call and says in words what is wrong.</summary>
public sealed class BackendTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(null, null, "ok", "answers")]
    [InlineData("status", "401-key", "key", "does not accept the key")]
    [InlineData("status", "403", "key", "network rules")]
    [InlineData("status", "404-deployment", "deployment", "no deployment 'gpt-4'")]
    [InlineData("status", "404-path", "answer", "ends before /openai")]
    [InlineData("status", "400-api-version", "apiVersion", "2024-10-21")]
    [InlineData("status", "400-unfinished", "ok", "answers")]
    [InlineData("status", "429-tokens", "quota", "quota is used up")]
    [InlineData("status", "500-model", "answer", "answered 500")]
    [InlineData("reset", null, "network", "broke")]
    public async Task Each_way_to_fail_has_its_words(string? kind, string? body, string step, string words)
    {
        if (kind is not null)
            await gateway.Simulator.FailAsync(body is null ? new { kind } : new { kind, body });

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", """{"deployment":"gpt-4"}""");

        answer.Status.ShouldBe(200);
        answer.Json.GetProperty("step").GetString().ShouldBe(step, answer.Body);
        answer.Json.GetProperty("ok").GetBoolean().ShouldBe(step == "ok");
        answer.Json.GetProperty("message").GetString()!.ShouldContain(words);
    }

    [Theory]
    [InlineData(null, null, "complete", "exact", true)]
    [InlineData("status", "400-unfinished", "refused", "estimated", true)]
    [InlineData("status", "401-key", "notTaken", "exact", false)]
    [InlineData("reset", null, "backendBroke", "estimated", true)]
    public async Task Each_call_has_an_entry_that_is_charged_to_nobody(string? kind, string? body, string outcome, string exactness, bool isUsed)
    {
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        if (kind is not null)
            await gateway.Simulator.FailAsync(body is null ? new { kind } : new { kind, body });

        await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", """{"deployment":"gpt-4"}""");

        var entries = (await gateway.Api.SendAsync("GET", "/api/entries")).Json.GetProperty("items");
        var entry = entries.EnumerateArray().Single(e => e.GetProperty("event").GetString() == "");
        entry.GetProperty("attendee").GetInt64().ShouldBe(-1);
        entry.GetProperty("model").GetString().ShouldBe("gpt-4");
        entry.GetProperty("outcome").GetString().ShouldBe(outcome);
        entry.GetProperty("exactness").GetString().ShouldBe(exactness);
        (entry.GetProperty("input").GetInt64() > 0).ShouldBe(isUsed);
        (await gateway.Api.SendAsync("GET", "/api/events/hackathon/entries")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await gateway.Api.SendAsync("POST", "/api/ledger/verify")).Json.GetProperty("differences").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_model_that_reasons_and_is_not_said_to_is_told()
    {
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2024-12-01-preview" }));

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", """{"deployment":"o3-mini"}""");

        answer.Json.GetProperty("step").GetString().ShouldBe("deployment", answer.Body);
        answer.Json.GetProperty("message").GetString()!.ShouldContain("family 'reasoning'");
    }

    [Fact]
    public async Task A_deployment_of_any_name_can_be_tested()
    {
        var answer = await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", $$"""{"deployment":"{{new string('é', 5_000)}}"}""");

        answer.Status.ShouldBe(200, answer.Body);
        answer.Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://no-such-host.invalid", "name")]
    [InlineData("https://127.0.0.1:{simulator}", "tls")]
    [InlineData("http://127.0.0.1:{closed}", "network")]
    public async Task An_endpoint_that_is_wrong_is_told_apart(string endpoint, string step)
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        endpoint = endpoint.Replace("{simulator}", $"{gateway.Simulator.Address.Port}", StringComparison.Ordinal).Replace("{closed}", $"{port}", StringComparison.Ordinal);
        (await gateway.Api.SendAsync("POST", "/api/backends", $$"""{"name":"odd","endpoint":"{{endpoint}}","apiKey":"k"}""")).Status.ShouldBe(201);

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/odd/test", """{"deployment":"gpt-4o"}""");

        answer.Json.GetProperty("step").GetString().ShouldBe(step, answer.Body);
    }

    [Fact]
    public async Task A_backend_without_a_deployment_cannot_be_tested_and_says_so()
    {
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name":"new","endpoint":"https://new.example","apiKey":"k"}""");

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/new/test", "{}");

        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("errors").TryGetProperty("deployment", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Deployment_is_answered_as_it_is_stored()
    {
        var added = await gateway.Api.SendAsync("POST", "/api/deployments", """{"model": "GPT-4O", "backend": "Simulator", "name": "Another"}""");

        added.Status.ShouldBe(201, added.Body);
        added.Body.ShouldBe("""{"model":"gpt-4o","backend":"simulator","name":"Another"}""");
        (await gateway.Api.SendAsync("POST", "/api/deployments", """{"model": "gpt-4o", "backend": "simulator", "name": "Another"}""")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task Backend_goes_once_nothing_is_deployed_on_it_and_only_as_it_was_read()
    {
        var added = await gateway.Api.SendAsync("POST", "/api/backends", """{"name":"new","endpoint":"https://new.example","apiKey":"k"}""");
        await gateway.Api.SendAsync("POST", "/api/deployments", """{"model":"gpt-4o","backend":"new","name":"d"}""");

        var refused = await gateway.Api.SendAsync("DELETE", "/api/backends/new", ifMatch: "*");

        refused.Status.ShouldBe(409);
        refused.Json.GetProperty("errors").GetProperty("name")[0].GetString().ShouldBe("backend 'new' still has deployments of gpt-4o.");
        (await gateway.Api.SendAsync("DELETE", "/api/deployments/gpt-4o/new/d")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("PATCH", "/api/backends/new", """{"apiVersion":"2024-06-01"}""", "*")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("DELETE", "/api/backends/new", ifMatch: added.Header("ETag"))).Status.ShouldBe(412);
        (await gateway.Api.SendAsync("DELETE", "/api/backends/new", ifMatch: "*")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("gpt-4", """{"maxOutput":0}""", "maxOutput")]
    [InlineData("gpt-4", """{"operations":["chatCompletions","chatCompletions"]}""", "operations")]
    [InlineData("gpt-4", """{"operations":[]}""", "operations")]
    [InlineData("gpt-4", """{"aliases":["four","Four"]}""", "aliases")]
    [InlineData("gpt-4", """{"aliases":["GPT-4o"]}""", "aliases")]
    public async Task Model_that_makes_no_sense_is_refused_with_the_field_that_is_wrong(string model, string change, string field)
    {
        var refused = await gateway.Api.SendAsync("PATCH", $"/api/models/{model}", change, "*");

        refused.Status.ShouldBe(400);
        refused.Json.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
    }

    [Theory]
    [InlineData("contextWindow")]
    [InlineData("maxOutput")]
    public async Task Model_has_no_more_tokens_than_can_be_counted(string field)
    {
        foreach (var (number, status) in new[] { ("9223372036854775807", 400), ("9000000000001", 400), ("9000000000000", 200) })
        {
            var answer = await gateway.Api.SendAsync("PATCH", "/api/models/gpt-4", $$"""{"{{field}}": {{number}}}""", "*");
            answer.Status.ShouldBe(status, answer.Body);
            if (status == 400)
                answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain("9000000000000");
        }
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("outputCap")]
    [InlineData("reasoningOutputCap")]
    public async Task Event_has_no_more_than_can_be_counted(string field)
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        foreach (var (number, status) in new[] { ("9223372036854775807", 400), ("9000000000001", 400), ("9000000000000", 200) })
            (await gateway.Api.SendAsync("PATCH", "/api/events/spring", $$"""{"{{field}}": {{number}}}""", "*")).Status.ShouldBe(status, number);
    }
}
