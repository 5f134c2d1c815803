using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>To which event a token lets in, and as whom.</summary>
public sealed class TokenEntranceTests : IAsyncLifetime
{
    private static readonly string Me = "entra:" + TokenDraft.Person;

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;
    private LocalIssuer issuer = null!;

    public TokenEntranceTests() => gateway = new() { Time = time, Options = new() { GuessLimits = new() { PerAddress = 5, PerEvent = 1_000 } } };

    public async ValueTask InitializeAsync()
    {
        issuer = await LocalIssuer.StartAsync();
        await gateway.StartAsync();
        await gateway.AddEventAsync("spring", e => e with { TokenAdmission = Admission });
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
    }

    private Storage.Sql.Events.TokenAdmissionDefinition Admission => new() { TenantId = LocalIssuer.Tenant, Audiences = [LocalIssuer.Audience], Authority = issuer.Address.ToString() };

    [Theory]
    [InlineData("Authorization", "Bearer ", "spring", Asking.Chat)]
    [InlineData("api-key", "", "spring", Asking.Chat)]
    [InlineData("Authorization", "bearer ", " SPRING ", Asking.Chat)]
    [InlineData("Authorization", "Bearer ", null, "/events/spring/v1/chat/completions")]
    [InlineData("Authorization", "Bearer ", null, "/events/Spring/api/v1/chat/completions")]
    [InlineData("Authorization", "Bearer ", "spring", "/events/spring/v1/chat/completions")]
    [InlineData("Authorization", "Bearer ", null, Asking.Chat)]
    [InlineData("openai-event-code", "", null, Asking.Chat)]
    public async Task A_token_lets_in_to_the_event_that_is_named_or_the_only_one_there_is(string header, string before, string? code, string path)
    {
        var answer = await AskAsync(before + Draft().Write(), code, header, path);

        answer.Status.ShouldBe(200, answer.Body);
        (await AttendeesAsync("spring")).ShouldBe([Me]);
    }

    [Fact]
    public async Task Where_several_events_admit_a_token_they_are_listed_with_how_to_name_one()
    {
        await gateway.AddEventAsync("autumn", e => e with { TokenAdmission = Admission });
        await gateway.AddEventAsync("other-audience", e => e with { TokenAdmission = Admission with { Audiences = ["api://other"] } });
        await gateway.AddEventAsync("other-tenant", e => e with { TokenAdmission = Admission with { TenantId = "00000000-8f1b-4c3a-9d57-0b6c1e2f3a4d" } });
        await gateway.AddEventAsync("staff-only", e => e with { TokenAdmission = Admission with { Roles = ["Staff"] } });
        await gateway.AddEventAsync("paused", e => e with { TokenAdmission = Admission, State = EventState.Paused });

        var answer = await AskAsync(Bearer(), null);

        answer.ShouldBeRefusal(403, "event_ambiguous");
        answer.Message.ShouldContain("autumn, spring.");
        answer.Message.ShouldContain("'openai-event-code: CODE'");
        answer.Message.ShouldContain("'/events/CODE'");
        answer.Header("x-should-retry").ShouldBe("false");
        (await AskAsync(Bearer(), "autumn")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_only_open_event_that_admits_the_token_is_it_whatever_others_there_are()
    {
        await gateway.AddEventAsync("paused", e => e with { TokenAdmission = Admission, State = EventState.Paused });
        await gateway.AddEventAsync("staff-only", e => e with { TokenAdmission = Admission with { Roles = ["Staff"] } });

        (await AskAsync(Bearer(), null)).Status.ShouldBe(200);

        (await AttendeesAsync("spring")).ShouldBe([Me]);
    }

    [Fact]
    public async Task An_event_that_is_not_open_says_so_to_a_token_too()
    {
        await gateway.ChangeEventAsync(e => e with { State = EventState.Paused }, "spring");

        (await AskAsync(Bearer(), null)).ShouldBeRefusal(403, "event_paused");
        (await AskAsync(Bearer(), "spring")).ShouldBeRefusal(403, "event_paused");
    }

    [Fact]
    public async Task A_token_that_no_event_admits_is_told_what_is_in_the_way()
    {
        await gateway.ChangeEventAsync(e => e with { TokenAdmission = Admission with { Roles = ["Staff"] } }, "spring");
        (await AskAsync(Bearer(), null)).ShouldBeRefusal(403, "token_not_in_groups");

        (await AskAsync(Bearer(t => t.Claims["aud"] = "api://other"), null)).ShouldBeRefusal(401, "token_for_no_event");
        (await AskAsync(Bearer(t => t.Claims["tid"] = "00000000-8f1b-4c3a-9d57-0b6c1e2f3a4d"), null)).ShouldBeRefusal(401, "token_for_no_event");
        (await AskAsync(Bearer(t => t.Claims["exp"] = t.At(-100)), null)).ShouldBeRefusal(401, "token_expired");
        (await AskAsync(Bearer() + "AAAA", null)).ShouldBeRefusal(401, "token_signature");
    }

    [Fact]
    public async Task Where_one_event_is_out_of_reach_for_the_token_and_another_cannot_judge_it_it_may_be_tried_again()
    {
        await gateway.ChangeEventAsync(e => e with { TokenAdmission = Admission with { Roles = ["Staff"] } }, "spring");
        await gateway.AddEventAsync("elsewhere", e => e with { TokenAdmission = Admission with { Authority = "http://127.0.0.1:1/" } });

        (await AskAsync(Bearer(), null)).ShouldBeRefusal(503, "identity_provider_unavailable");
    }

    [Theory]
    [InlineData("spring/ann", Asking.Chat, 401, "credential_malformed")]
    [InlineData("spring@secret", Asking.Chat, 401, "credential_malformed")]
    [InlineData("nowhere", Asking.Chat, 401, "event_code_unknown")]
    [InlineData("hackathon", Asking.Chat, 401, "token_not_taken")]
    [InlineData("spring", "/events/hackathon/v1/chat/completions", 403, "other_event")]
    [InlineData(null, "/events/nowhere/v1/chat/completions", 401, "event_code_unknown")]
    [InlineData(null, "/events/spring@x/v1/chat/completions", 401, "credential_malformed")]
    public async Task What_names_the_event_must_name_one_that_takes_tokens(string? code, string path, int status, string refusal)
    {
        await gateway.ChangeEventAsync(e => e with { TokenAdmission = null });

        (await AskAsync(Bearer(), code, "Authorization", path)).ShouldBeRefusal(status, refusal);
    }

    [Theory]
    [InlineData("hackathon/entra:ab12cd34-0000-4000-8000-00000000a001")]
    [InlineData("hackathon/ENTRA:x")]
    [InlineData("hackathon/ entra:x")]
    public async Task Nobody_comes_in_by_a_code_under_the_name_of_a_token_holder(string credential)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, credential);

        answer.ShouldBeRefusal(401, "credential_malformed");
        answer.Message.ShouldContain("'entra:'");
        (await AttendeesAsync("hackathon")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blocked_person_is_refused_whatever_token_they_bring()
    {
        (await AskAsync(Bearer(), "spring")).Status.ShouldBe(200);
        await gateway.ChangeAsync(async change => await change.Attendees.BlockAsync((await change.Attendees.FindAsync(EventCode.Parse("spring"), Me))!.Id));

        (await AskAsync(Bearer(t => t.Claims["iat"] = t.At(-5)), "spring")).ShouldBeRefusal(403, "attendee_blocked");
    }

    [Fact]
    public async Task Token_that_an_event_refuses_is_counted_as_refused_by_that_event()
    {
        (await AskAsync(Bearer(t => t.Claims["aud"] = "api://other"), "spring")).ShouldBeRefusal(401, "token_audience");

        await gateway.Log.RequestsEndedAsync(1);
        (await gateway.Admin.GetStringAsync("/metrics")).ShouldContain("""openai_proxy_refusals_total{event="spring",code="token_audience"} 1""");
    }

    [Fact]
    public async Task Forged_tokens_are_guesses_and_right_ones_never_wait()
    {
        var forged = Bearer(t => t.Sign(TestKey.Rsa(LocalIssuer.Rsa.Id), "RS256"));
        for (var i = 0; i < 5; i++)
            (await AskAsync(forged, i % 2 == 0 ? "spring" : null)).ShouldBeRefusal(401, "token_signature");

        (await AskAsync(forged, "spring")).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await AskAsync(forged, null)).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await AskAsync("Bearer " + TokenDraft.Encode("""{"alg":"none"}""") + ".e30.", "spring")).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await AskAsync(Bearer(t => t.Claims["aud"] = "api://other"), null)).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await AskAsync(Bearer(), "nowhere")).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/newcomer")).ShouldBeRefusal(429, "too_many_wrong_credentials");
        (await AskAsync(Bearer(), "spring")).Status.ShouldBe(200);
        (await AskAsync(Bearer(), null)).Status.ShouldBe(200);
        // It is right, and late; who sends it guesses nothing.
        (await AskAsync(Bearer(t => t.Claims["exp"] = t.At(-100)), "spring")).ShouldBeRefusal(401, "token_expired");
    }

    [Theory]
    [InlineData("spring")]
    [InlineData(null)]
    public async Task While_the_identity_provider_fails_a_token_is_a_503_and_codes_go_on(string? code)
    {
        issuer.Instead = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        for (var i = 0; i < 10; i++)
            (await AskAsync(Bearer(), code)).ShouldBeRefusal(503, "identity_provider_unavailable");

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Status.ShouldBe(200);
        issuer.Discoveries.ShouldBe(1);
        gateway.Log.Lines.Count(line => line.Contains("cannot be had", StringComparison.Ordinal)).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(30));
        issuer.Instead = null;
        (await AskAsync(Bearer(), code)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Whom_an_event_lets_in_is_in_force_for_the_next_request()
    {
        (await AskAsync(Bearer(), "spring")).Status.ShouldBe(200);

        await gateway.ChangeEventAsync(e => e with { TokenAdmission = Admission with { Groups = TokenAttacks.GroupIds } }, "spring");

        (await AskAsync(Bearer(), "spring")).ShouldBeRefusal(403, "token_not_in_groups");
        (await AskAsync(Bearer(t => t.Claims["groups"] = new JsonArray(TokenAttacks.GroupIds[0])), "spring")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_in_flight_is_cut_off_when_the_event_takes_the_token_no_more(bool altogether)
    {
        await gateway.ChangeEventAsync(e => e with { CutsInFlight = true }, "spring");
        await gateway.Simulator.FailAsync(new { kind = "hang", times = 1 });
        var waiting = AskAsync(Bearer(), "spring");
        await gateway.Simulator.StartedAsync(1);
        await gateway.ChangeEventAsync(e => e with { TokenAdmission = Admission with { Audiences = [LocalIssuer.Audience, "more"] } }, "spring");

        await gateway.ChangeEventAsync(e => e with { TokenAdmission = altogether ? null : Admission with { Roles = ["Staff"] } }, "spring");

        (await waiting).ShouldBeRefusal(401, "token_no_longer_taken");
        (await gateway.Simulator.EndedAsync(1)).ShouldAllBe(r => r.State == "cancelled");
    }

    [Fact]
    public async Task What_is_in_flight_is_cut_off_when_the_token_has_expired()
    {
        await gateway.ChangeEventAsync(e => e with { CutsInFlight = true }, "spring");
        await gateway.Simulator.FailAsync(new { kind = "hang", times = 1 });
        var waiting = AskAsync(Bearer(t => t.Claims["exp"] = t.At(20)), "spring");
        await gateway.Simulator.StartedAsync(1);

        time.Advance(TimeSpan.FromSeconds(20) + Gateway.Authentication.Tokens.TokenValidator.Skew);

        (await waiting).ShouldBeRefusal(401, "token_no_longer_taken");
    }

    [Fact]
    public async Task What_is_in_flight_goes_on_while_the_event_still_takes_the_token()
    {
        await gateway.ChangeEventAsync(e => e with { CutsInFlight = true }, "spring");
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0, times = 1 });
        using var request = Request(Bearer(), "spring", "Authorization", Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        var waiting = gateway.Client.AskAsync(request);
        await gateway.Simulator.HeldAsync(1);

        await gateway.ChangeEventAsync(e => e with { TokenAdmission = Admission with { Audiences = [LocalIssuer.Audience, "more"] } }, "spring");

        await gateway.Simulator.ReleaseAsync();
        (await waiting).Body.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Nothing_of_a_token_is_kept_but_who_it_is()
    {
        await gateway.AddEventAsync("private", e => e with { TokenAdmission = Admission, HashesUserIds = true });
        string Canary(Action<TokenDraft>? bend = null) => Bearer(t =>
        {
            (t.Claims["preferred_username"], t.Claims["name"], t.Header["x5t"]) = ("canary-mail@example", "canary-name", "canary-thumbprint");
            (t.Claims["sub"], t.Claims["uti"], t.Claims["oid"]) = ("canary-subject", "canary-serial", "canary-oid");
            bend?.Invoke(t);
        });
        var tokens = new List<string> { Canary(), Canary(t => t.Claims["exp"] = t.At(-100)), Canary(t => t.Claims["aud"] = "canary-audience"), Canary(t => t.Claims["iss"] = "canary-issuer"), Canary(t => t.Sign(TestKey.Rsa("canary-key"), "RS256")), Canary(t => t.Header["alg"] = "canary-algorithm"), Canary() + "AAAA" };

        foreach (var token in tokens)
            foreach (var code in new[] { "private", "hackathon", null })
            {
                var answer = await AskAsync(token, code);
                answer.Status.ShouldNotBe(429);
                answer.Body.ShouldNotContain("canary");
                time.Advance(TimeSpan.FromSeconds(1));
            }

        await gateway.ShouldNotHaveKeptAsync("canary");
        foreach (var part in tokens.SelectMany(token => token["Bearer ".Length..].Split('.')).Where(part => part.Length > 0).Distinct())
            await gateway.ShouldNotHaveKeptAsync(part);
        (await AttendeesAsync("private")).ShouldHaveSingleItem().Length.ShouldBe(43);
    }

    [Fact]
    public async Task The_demo_lets_in_by_a_token_of_the_simulator_and_follows_its_keys()
    {
        using var simulator = new HttpClient { BaseAddress = gateway.Simulator.Address };
        async Task<string> TokenAsync()
        {
            using var made = await simulator.PostAsJsonAsync("/simulator/tokens", new
            {
                oid = "ann",
                aud = "api://openai-proxy",
                tid = "11111111-1111-4111-8111-111111111111",
                iat = time.GetUtcNow().ToUnixTimeSeconds(),
            });
            return "Bearer " + (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        }
        var old = await TokenAsync();
        (await AskAsync(old, null)).Status.ShouldBe(200);

        (await simulator.PostAsJsonAsync("/simulator/identity/rotate", new { withdraw = true })).EnsureSuccessStatusCode();
        time.Advance(TimeSpan.FromMinutes(5));

        (await AskAsync(await TokenAsync(), null)).Status.ShouldBe(200);
        (await AskAsync(old, null)).ShouldBeRefusal(401, "token_key_unknown");
        (await AttendeesAsync("hackathon")).ShouldBe(["entra:ann"]);
    }

    private TokenDraft Draft() => new(issuer, time.GetUtcNow());

    private string Bearer(Action<TokenDraft>? bend = null)
    {
        var token = Draft();
        bend?.Invoke(token);
        return "Bearer " + token.Write();
    }

    private async Task<Answer> AskAsync(string credential, string? code, string header = "Authorization", string path = Asking.Chat)
    {
        using var request = Request(credential, code, header, path, Asking.Hello);
        return await gateway.Client.AskAsync(request);
    }

    private static HttpRequestMessage Request(string credential, string? code, string header, string path, string body)
    {
        var request = Asking.Post(path, body, credential, header);
        if (code is not null)
            request.Headers.TryAddWithoutValidation("openai-event-code", code);
        return request;
    }

    private async Task<IReadOnlyList<string>> AttendeesAsync(string code) =>
        await gateway.ChangeAsync(async change => (await change.Attendees.ListAsync(EventCode.Parse(code))).Select(a => a.Name).ToList());
}
