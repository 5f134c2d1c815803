using System.Net.Sockets;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What the proxy answers when a backend fails, or complains: each row of that part of the table, on the wire.</summary>
public sealed class BackendFailureTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("reset", "body")]
    [InlineData("truncate", null)]
    public async Task A_whole_answer_that_breaks_after_its_first_byte_breaks_here_too(string kind, string? at)
    {
        await gateway.Simulator.FailAsync(at is null ? new { kind } : new { kind, at });

        if (kind == "reset")
            await Should.ThrowAsync<HttpRequestException>(() => gateway.Client.AskAsync(Asking.Chat, Asking.Hello));
        else
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Body.ShouldNotEndWith("}");

        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain(kind == "reset" ? "Outcome=BackendBroke" : "Outcome=Complete");
    }

    [Theory]
    [InlineData("200 OK", "Content-Length: 500")]
    [InlineData("200 OK", "Transfer-Encoding: chunked")]
    [InlineData("400 Bad Request", "Content-Length: 500")]
    public async Task A_whole_answer_that_breaks_before_its_first_byte_was_none_and_is_estimated(string status, string length)
    {
        await using var backend = new RawBackend($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nx-ms-region: Atlantis\r\n{length}\r\n\r\n");
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { Endpoint = backend.Endpoint, ApiKey = "new" }));

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.ShouldBeRefusal(502, "backend_unreachable");
        answer.Header("x-should-retry").ShouldBeNull();
        answer.Header("x-ms-region").ShouldBeNull();
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain(" Status=502 Refusal=backend_unreachable Outcome=BackendBroke ");
        gateway.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("The backend simulator cannot be reached", StringComparison.Ordinal));
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("It cannot be reached.");
        var settled = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement;
        (settled.Outcome, settled.Exactness, settled.Usage.Output).ShouldBe((Outcome.BackendBroke, Exactness.Estimated, 0));
        settled.Usage.Input.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("400 Bad Request")]
    public async Task A_whole_answer_that_stops_before_its_first_byte_is_a_504(string status)
    {
        var time = new ManualTime();
        var options = new GatewayOptions { FirstByteTimeout = TimeSpan.FromMinutes(3), PauseTimeout = TimeSpan.FromMinutes(2) };
        await using var patient = await new GatewayUnderTest { Time = time, Options = options }.StartAsync();
        await using var backend = new RawBackend($"HTTP/1.1 {status}\r\nContent-Length: 500\r\n\r\n", hangsUp: false);
        await patient.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { Endpoint = backend.Endpoint, ApiKey = "new" }));
        var asking = patient.Client.AskAsync(Asking.Chat, Asking.Hello);
        await time.UntilDueInAsync(options.PauseTimeout);

        time.Advance(options.PauseTimeout);

        (await asking).ShouldBeRefusal(504, "backend_timeout");
        (await patient.Admin.GetStringAsync("/healthz/ready")).ShouldContain("It did not answer in time.");
        (await patient.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement.Outcome.ShouldBe(Outcome.BackendBroke);
    }

    [Theory]
    [InlineData("reset", null, 502, "backend_unreachable")]
    [InlineData("status", "401-key", 502, "backend_misconfigured")]
    [InlineData("status", "401-token", 502, "backend_misconfigured")]
    [InlineData("status", "403", 502, "backend_misconfigured")]
    [InlineData("status", "404-deployment", 502, "backend_misconfigured")]
    [InlineData("redirect", null, 502, "backend_misconfigured")]
    [InlineData("status", "408", 504, "backend_timeout")]
    [InlineData("status", "429-tokens", 503, "backends_exhausted")]
    [InlineData("status", "429-requests", 503, "backends_exhausted")]
    [InlineData("status", "424", 503, "backends_exhausted")]
    [InlineData("status", "500-model", 503, "backends_exhausted")]
    [InlineData("status", "500-gateway", 503, "backends_exhausted")]
    [InlineData("status", "503", 503, "backends_exhausted")]
    public async Task A_backends_failure_is_not_the_callers(string kind, string? body, int status, string code)
    {
        await gateway.Simulator.FailAsync(body is null ? new { kind } : new { kind, body });

        foreach (var stream in new[] { "false", "true" })
        {
            var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello.Replace("{\"messages\"", $$"""{"stream":{{stream}},"messages" """, StringComparison.Ordinal));

            answer.ShouldBeRefusal(status, code);
            answer.Body.ShouldNotContain(gateway.Simulator.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
            answer.Header("x-should-retry").ShouldBe(code == "backend_misconfigured" ? "false" : null);
        }
    }

    [Fact]
    public async Task What_the_backend_says_of_the_request_is_the_callers_though_it_is_a_404()
    {
        var body = """{"messages":[{"role":"user","content":"hello"}],"tools":[{"type":"function","function":{"name":"f"}}]}""";

        var answer = await gateway.Client.AskAsync("/openai/deployments/gpt-4o/chat/completions?api-version=2023-05-15", body);

        (answer.Status, answer.Code, answer.Message).ShouldBe((404, null, "Unrecognized request argument supplied: tools"));
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldNotContain("It answered");
        (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement.Outcome.ShouldBe(Outcome.NotTaken);
    }

    [Theory]
    [InlineData("7", null, "7", "7000")]
    [InlineData("86400", null, "60", "60000")]
    [InlineData(null, "1500", "2", "1500")]
    [InlineData("9", "250", "1", "250")]
    [InlineData(null, null, "1", "1000")]
    public async Task An_exhausted_backends_wait_is_passed_on_in_bounds(string? seconds, string? milliseconds, string retryAfter, string retryAfterMs)
    {
        var headers = new Dictionary<string, string>();
        if (seconds is not null)
            headers["retry-after"] = seconds;
        if (milliseconds is not null)
            headers["retry-after-ms"] = milliseconds;
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503, headers });

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.ShouldBeRefusal(503, "backends_exhausted");
        answer.Header("Retry-After").ShouldBe(retryAfter);
        answer.Header("retry-after-ms").ShouldBe(retryAfterMs);
        if (seconds is not null && milliseconds is null)
            answer.Message.ShouldContain($"{seconds} seconds");
    }

    [Theory]
    [InlineData("x-ms-retry-after-ms", "2500", "3")]
    [InlineData("retry-after", "Mon, 21 Oct 2120 07:28:00 GMT", "60")]
    [InlineData("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT", "1")]
    [InlineData("retry-after", "1e300", "1")]
    [InlineData("retry-after-ms", "-5", "1")]
    [InlineData("x-ratelimit-reset-tokens", "9", "9")]
    [InlineData("x-ratelimit-reset-requests", "11", "11")]
    [InlineData("x-rate-limit-reset-tokens", "12", "12")]
    public async Task The_wait_is_found_in_every_header_that_azure_has_put_it_in(string header, string value, string retryAfter)
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503, headers = new Dictionary<string, string> { [header] = value } });

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Header("Retry-After").ShouldBe(retryAfter);
    }

    [Fact]
    public async Task The_longer_of_two_waits_counts()
    {
        var headers = new Dictionary<string, string> { ["x-ratelimit-reset-tokens"] = "4", ["x-ratelimit-reset-requests"] = "20" };
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503, headers });

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Header("Retry-After").ShouldBe("20");
    }

    [Fact]
    public async Task A_backend_that_is_not_there_is_a_502_without_its_host_and_is_loud_for_the_operator()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync(
            (await change.Backends.GetAsync("simulator"))! with { Endpoint = $"http://127.0.0.1:{port}", ApiKey = "new" }));

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.ShouldBeRefusal(502, "backend_unreachable");
        answer.Body.ShouldNotContain("127.0.0.1");
        gateway.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("The backend simulator cannot be reached", StringComparison.Ordinal));
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("It cannot be reached.");
        await gateway.Log.RequestsEndedAsync(1);
        (await gateway.Admin.GetStringAsync("/metrics")).ShouldContain("""openai_proxy_refusals_total{event="hackathon",code="backend_unreachable"} 1""");
    }

    [Fact]
    public async Task Backend_that_is_not_configured_any_more_has_no_problem_and_none_when_it_comes_back()
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503 });
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("\"simulator\",\"problem\":\"It answered 503");
        var backend = await gateway.ChangeAsync(change => change.Backends.GetAsync("simulator"));

        await gateway.ChangeAsync(async change =>
        {
            await change.Backends.PutAsync(backend! with { Name = "renamed", ApiKey = "new" });
            foreach (var deployment in await change.Deployments.ListAsync())
            {
                await change.Deployments.DeleteAsync(deployment);
                await change.Deployments.PutAsync(deployment with { Backend = "renamed" });
            }
            await change.Backends.DeleteAsync("simulator");
        });
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("\"backends\":[]");

        await gateway.ChangeAsync(change => change.Backends.PutAsync(backend! with { ApiKey = "new" }));
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("\"backends\":[]");
    }

    [Fact]
    public async Task A_backend_that_does_not_answer_in_time_is_a_504()
    {
        var time = new ManualTime();
        await using var patient = await new GatewayUnderTest { Time = time, Options = new() { FirstByteTimeout = TimeSpan.FromMinutes(3) } }.StartAsync();
        await patient.Simulator.FailAsync(new { kind = "hang" });
        var asking = patient.Client.AskAsync(Asking.Chat, Asking.Hello);
        await patient.Simulator.StartedAsync(1);

        time.Advance(TimeSpan.FromMinutes(3));

        (await asking).ShouldBeRefusal(504, "backend_timeout");
        (await patient.Simulator.EndedAsync(1)).ShouldHaveSingleItem().State.ShouldBe("cancelled");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task A_backends_complaint_about_the_request_is_the_callers_as_it_is(int status)
    {
        const string complaint = """{"error":{"message":"No, thank you.","type":"invalid_request_error","param":"x","code":"because"}}""";
        await gateway.Simulator.FailAsync(new { kind = "status", status, body = System.Text.Json.JsonDocument.Parse(complaint) });

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.Status.ShouldBe(status);
        answer.Body.ShouldBe(complaint);
        answer.Headers["Content-Type"].ShouldBe("application/json");
    }

    [Theory]
    [InlineData("oddShape", "Internal server error")]
    [InlineData("html", "did not say why")]
    [InlineData("emptyBody", "did not say why")]
    public async Task A_complaint_without_an_error_object_gets_one(string kind, string message)
    {
        await gateway.Simulator.FailAsync(new { kind, status = 400 });

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.ShouldBeRefusal(400, "400");
        answer.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_content_filters_refusal_keeps_its_details()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, """{"messages":[{"role":"user","content":"[[content-filter]]"}]}""");

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("content_filter");
        answer.Error.GetProperty("innererror").GetProperty("content_filter_result").GetProperty("violence").GetProperty("filtered").ValueKind
            .ShouldBeOneOf(System.Text.Json.JsonValueKind.True, System.Text.Json.JsonValueKind.False);
    }

    [Fact]
    public async Task A_model_without_a_deployment_is_a_502()
    {
        await gateway.ChangeAsync(change => change.Deployments.DeleteAsync(new DeploymentDefinition("gpt-4", "simulator", "gpt-4")));

        (await gateway.Client.AskAsync(Asking.Chat, """{"model":"gpt-4","messages":[]}""")).ShouldBeRefusal(502, "backend_misconfigured");
    }
}
