using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests.Forwarding.Credentials;

/// <summary>Backends that want a token of Microsoft Entra ID, with Azure.Identity as it is and the simulator in Entra's place.</summary>
[Collection(nameof(EntraPlatform))]
public sealed class EntraTests(EntraPlatform platform)
{
    private const string Public = "https://cognitiveservices.azure.com";

    // The tokens' clock is the platform's, which is real.
    private readonly ManualTime time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(EntraIdentityKind.ManagedIdentity, "new", null, Public)]
    [InlineData(EntraIdentityKind.ManagedIdentity, null, null, Public)]
    [InlineData(EntraIdentityKind.Default, "new", null, Public)]
    [InlineData(EntraIdentityKind.ManagedIdentity, "new", "https://ai.azure.com/.default", "https://ai.azure.com")]
    public async Task Backend_is_called_with_a_token_for_its_scope(EntraIdentityKind kind, string? clientId, string? scope, string audience)
    {
        await using var gateway = await platform.StartAsync(null, kind, clientId, scope);

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.Status.ShouldBe(200, answer.Body);
        var sent = (await platform.Simulator.RequestsAsync()).ShouldHaveSingleItem().Headers;
        sent.TryGetProperty("authorization", out _).ShouldBeTrue();
        sent.TryGetProperty("api-key", out _).ShouldBeFalse();
        (await platform.Simulator.IdentityAsync()).GetProperty("issued").GetProperty("byAudience").GetProperty(audience).GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Completion_of_2023_is_answered_by_a_backend_without_a_key()
    {
        await using var gateway = await platform.StartAsync();

        var answer = await gateway.Client.AskAsync(
            "/openai/deployments/gpt-35-turbo-instruct/completions?api-version=2023-05-15",
            """{"prompt": "The food was delicious and the waiter", "stop": ".", "temperature": 0}""", "hackathon/ann", "api-key");

        answer.Status.ShouldBe(200, answer.Body);
        answer.Json.GetProperty("choices")[0].GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task One_token_does_for_many_requests_and_for_every_backend_with_the_same_identity()
    {
        await using var gateway = await platform.StartAsync();
        await gateway.ChangeAsync(async change =>
        {
            await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { Name = "twin" });
            await change.Deployments.DeleteAsync(new("gpt-4", "simulator", "gpt-4"));
            await change.Deployments.PutAsync(new("gpt-4", "twin", "gpt-4"));
        });

        for (var i = 0; i < 10; i++)
            foreach (var model in new[] { "gpt-4o", "gpt-4" })
                (await gateway.Client.AskAsync(Asking.Chat, $$"""{"model":"{{model}}",{{Asking.Hello[1..]}}""")).Status.ShouldBe(200);

        (await platform.AskedAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Hundred_requests_at_once_that_find_no_token_ask_for_one()
    {
        await using var gateway = await platform.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)));

        answers.ShouldAllBe(a => a.Status == 200);
        (await platform.AskedAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Client_that_hangs_up_does_not_take_the_token_from_the_others()
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "status", status = 503, times = 1 } } });
        using var hangup = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        var leaving = gateway.Client.SendAsync(request, hangup.Token);
        await platform.Simulator.IdentityAsync("appService=1");
        var staying = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        await hangup.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(leaving);
        (await staying).Status.ShouldBe(200);
        (await platform.AskedAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_hangs_up_while_a_token_is_waited_for_pays_nothing_and_nothing_is_sent_for_it(bool isStream)
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "hang" } } });

        await HangUpAsync(gateway, isStream, platform.Simulator.IdentityAsync("appService=1"));

        await ShouldHaveCostNothingAsync(gateway);
        (await platform.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_hangs_up_while_a_refused_token_is_replaced_pays_nothing(bool isStream)
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.FailAsync(new { kind = "status", body = "401-token" });
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "hang", skip = 1 } } });

        await HangUpAsync(gateway, isStream, platform.Simulator.IdentityAsync("appService=2"));

        await ShouldHaveCostNothingAsync(gateway);
        (await platform.Simulator.RequestsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Request_that_is_cut_off_while_a_token_is_waited_for_pays_nothing()
    {
        await using var gateway = await platform.StartAsync(time);
        await gateway.ChangeEventAsync(e => e with { CutsInFlight = true });
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "hang" } } });
        var asking = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.IdentityAsync("appService=1");

        await gateway.Api.SendAsync("POST", "/api/events/hackathon/pause");

        (await asking).ShouldBeRefusal(403, "event_paused");
        await ShouldHaveCostNothingAsync(gateway);
    }

    [Fact]
    public async Task Token_is_renewed_five_minutes_ahead_and_nobody_waits_for_it()
    {
        await using var gateway = await platform.StartAsync(time);
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        time.Advance(TimeSpan.FromMinutes(54));
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        (await platform.AskedAsync()).ShouldBe(1);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "hang", times = 1 } } });

        time.Advance(TimeSpan.FromMinutes(2));
        var during = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)));
        await platform.Simulator.IdentityAsync("appService=2");

        during.ShouldAllBe(a => a.Status == 200);
        (await platform.AskedAsync()).ShouldBe(2);
        await RenewAsync(gateway, TimeSpan.FromSeconds(30), "could not be renewed");
        await RenewAsync(gateway, TimeSpan.FromSeconds(30), "Got a token", 2);
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        var sent = (await platform.Simulator.RequestsAsync()).Select(r => r.Headers.GetProperty("authorization").GetString()).ToList();
        sent.SkipLast(1).Distinct().ShouldHaveSingleItem().ShouldNotBe(sent[^1]);
    }

    [Fact]
    public async Task Renewal_that_failed_is_tried_again_after_half_a_minute_and_not_by_every_request()
    {
        await using var gateway = await platform.StartAsync(time);
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "status", status = 400 } } });
        await RenewAsync(gateway, TimeSpan.FromMinutes(56), "could not be renewed");
        (await platform.AskedAsync()).ShouldBe(2);

        for (var tried = 2; tried <= 4; tried++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)))).ShouldAllBe(a => a.Status == 200);
            await RenewAsync(gateway, TimeSpan.FromSeconds(20), "could not be renewed", tried);
        }

        (await platform.AskedAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Token_that_has_expired_is_not_sent()
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { tokenSeconds = 600 });
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.SetIdentityAsync(new { tokenSeconds = 86_400 });

        time.Advance(TimeSpan.FromMinutes(11));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)));

        answers.ShouldAllBe(a => a.Status == 200);
        (await platform.AskedAsync()).ShouldBe(2);
        var sent = (await platform.Simulator.RequestsAsync()).Select(r => r.Headers.GetProperty("authorization").GetString()).ToList();
        sent.Skip(1).Distinct().ShouldHaveSingleItem().ShouldNotBe(sent[0]);
    }

    [Fact]
    public async Task Token_that_comes_expired_because_a_clock_is_wrong_is_used_nevertheless()
    {
        await using var gateway = await platform.StartAsync(time);
        time.Advance(TimeSpan.FromHours(2));

        for (var i = 0; i < 5; i++)
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);

        (await platform.AskedAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(EntraIdentityKind.ManagedIdentity)]
    [InlineData(EntraIdentityKind.Default)]
    public async Task Token_that_is_refused_is_replaced_once_for_all_and_nobody_notices(EntraIdentityKind kind)
    {
        await using var gateway = await platform.StartAsync(null, kind);
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.RevokeTokensAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)));

        answers.ShouldAllBe(a => a.Status == 200);
        (await platform.AskedAsync()).ShouldBe(2);
        gateway.Log.Lines.ShouldContain(l => l.Contains("The backend simulator refused its token", StringComparison.Ordinal));
        (await platform.Simulator.RequestsAsync()).Select(r => r.Body).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Backend_that_refuses_every_token_is_misconfigured_and_the_platform_is_left_in_peace()
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.FailAsync(new { kind = "status", body = "401-token" });

        for (var i = 0; i < 5; i++)
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).ShouldBeRefusal(502, "backend_misconfigured");

        (await platform.AskedAsync()).ShouldBe(2);
        (await platform.Simulator.RequestsAsync()).Count.ShouldBe(6);
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("Cognitive Services OpenAI User");
        time.Advance(TimeSpan.FromSeconds(30));
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        (await platform.AskedAsync()).ShouldBe(3);
    }

    [Theory]
    [InlineData("status", 503, "backend_unreachable")]
    [InlineData("status", 400, "backend_misconfigured")]
    [InlineData("garbage", null, "backend_unreachable")]
    public async Task Platform_without_a_token_is_a_502_and_loud_for_the_operator(string kind, int? status, string code)
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind, status = status ?? 503 } } });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.Client.AskAsync(Asking.Chat, Asking.Hello)));
        var asked = await platform.AskedAsync();
        var again = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        foreach (var answer in answers)
            answer.ShouldBeRefusal(502, code);
        again.ShouldBeRefusal(502, code);
        again.Body.ShouldNotContain("ManagedIdentity");
        // Asked again a few times at once, and then not by every request.
        asked.ShouldBeInRange(1, 3);
        (await platform.AskedAsync()).ShouldBe(asked);
        (await platform.Simulator.RequestsAsync()).ShouldBeEmpty();
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("There is no token for it: ");
        gateway.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("There is no token for the backend simulator", StringComparison.Ordinal));
        await gateway.ShouldNotHaveKeptAsync(await platform.Simulator.TokenBeginningAsync());

        await platform.Simulator.ResetIdentityAsync();
        time.Advance(TimeSpan.FromSeconds(5));

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldNotContain("There is no token");
    }

    [Fact]
    public async Task Failure_by_a_clock_that_was_days_ahead_is_forgotten_as_soon_as_any_other()
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "status", status = 503 } } });
        time.Set(TimeSpan.FromDays(5));
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(502);
        await platform.Simulator.ResetIdentityAsync();

        time.Set(TimeSpan.FromDays(-5));
        time.Advance(TimeSpan.FromSeconds(5));

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Token_that_was_replaced_by_a_clock_that_was_days_ahead_is_replaced_again_when_it_is_refused()
    {
        await using var gateway = await platform.StartAsync(time);
        time.Set(TimeSpan.FromDays(5));
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.RevokeTokensAsync();
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);

        time.Set(TimeSpan.FromDays(-5));
        time.Advance(TimeSpan.FromSeconds(30));
        await platform.Simulator.RevokeTokensAsync();

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Platform_that_does_not_answer_is_waited_for_half_a_minute()
    {
        await using var gateway = await platform.StartAsync(time);
        await platform.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "appService", kind = "hang" } } });
        var asking = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.IdentityAsync("appService=1");

        time.Advance(TimeSpan.FromSeconds(29));
        asking.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await asking).ShouldBeRefusal(502, "backend_unreachable");
        await platform.Simulator.ResetIdentityAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Identity_that_is_changed_counts_for_the_next_request_and_the_old_ones_token_is_forgotten()
    {
        await using var gateway = await platform.StartAsync(time);
        var first = Guid.NewGuid().ToString();
        foreach (var clientId in new[] { first, Guid.NewGuid().ToString(), first })
        {
            await platform.BecomeAsync(gateway, clientId);
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        }

        (await platform.Simulator.IdentityAsync()).GetProperty("issued").GetProperty("byClient").EnumerateObject().Count().ShouldBe(2);
        (await gateway.Log.UntilAsync(l => l.Contains("Got a token", StringComparison.Ordinal), 3)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Tokens_are_in_no_log_no_metric_and_no_file()
    {
        await using var gateway = await platform.StartAsync();
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await platform.Simulator.RevokeTokensAsync();
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        await gateway.ShouldNotHaveKeptAsync(await platform.Simulator.TokenBeginningAsync());
    }

    [Theory]
    [InlineData("ok", "answers")]
    [InlineData("role", "role Cognitive Services OpenAI User")]
    [InlineData("401-token", "scope https://cognitiveservices.azure.com/.default")]
    [InlineData("no identity", "No User Assigned or Delegated Managed Identity found")]
    public async Task Test_of_a_backend_says_what_is_wrong_with_its_token(string trouble, string words)
    {
        await using var gateway = await platform.StartAsync();
        if (trouble == "no identity")
            await platform.Simulator.SetIdentityAsync(new { managedIdentities = new { user = Array.Empty<string>() } });
        else if (trouble == "role")
            await platform.Simulator.FailAsync(new { kind = "status", status = 401, body = new { error = new { code = "PermissionDenied", message = "The principal `x` lacks the required data action" } } });
        else if (trouble != "ok")
            await platform.Simulator.FailAsync(new { kind = "status", body = trouble });

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", """{"deployment":"gpt-4"}""");

        answer.Json.GetProperty("step").GetString().ShouldBe(trouble == "ok" ? "ok" : "token", answer.Body);
        answer.Json.GetProperty("message").GetString()!.ShouldContain(words);
    }

    private static async Task HangUpAsync(GatewayUnderTest gateway, bool isStream, Task before)
    {
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, isStream ? $$"""{"stream":true,{{Asking.Hello[1..]}}""" : Asking.Hello);
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        await before;
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }

    private static async Task ShouldHaveCostNothingAsync(GatewayUnderTest gateway)
    {
        await gateway.Log.RequestsEndedAsync(1);
        (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement.Outcome.ShouldBe(Outcome.NotTaken);
    }

    // The next request begins it, once the last attempt is long enough ago.
    private async Task RenewAsync(GatewayUnderTest gateway, TimeSpan later, string outcome, int times = 1)
    {
        time.Advance(later);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        await gateway.Log.UntilAsync(l => l.Contains(outcome, StringComparison.Ordinal), times);
    }
}
