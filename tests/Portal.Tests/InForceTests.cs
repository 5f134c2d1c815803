namespace OpenAIProxy.Portal.Tests;

/// <summary>What an organiser changes is in force for the very next request; requests in flight finish.</summary>
public sealed class InForceTests : IAsyncLifetime
{
    private const string Streamed = """{"stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem"}]}""";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"))).Status.ShouldBe(201);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("/api/events/spring/pause", "event_paused")]
    [InlineData("/api/events/spring/close", "event_closed")]
    public async Task An_event_that_is_stopped_refuses_the_next_request_and_lets_the_one_in_flight_finish(string step, string code)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 4, times = 1 });
        using var inFlight = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, "spring/ann"));
        (await inFlight.NextAsync()).ShouldNotBeNull();
        await gateway.Simulator.HeldAsync(1);

        (await gateway.Api.SendAsync("POST", step)).Status.ShouldBe(200);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann")).Code.ShouldBe(code);
        await gateway.Simulator.ReleaseAsync();
        (await inFlight.RestAsync())[^1].ShouldBe("[DONE]");
    }

    [Theory]
    [InlineData("POST", "/api/events/strict/pause", null, "event_paused")]
    [InlineData("POST", "/api/events/strict/close", null, "event_closed")]
    [InlineData("DELETE", "/api/events/strict/keys/{key}", null, "key_unknown")]
    [InlineData("POST", "/api/events/strict/attendees/{attendee}/block", null, "attendee_blocked")]
    [InlineData("PATCH", "/api/events/strict", """{"models":["gpt-4"],"defaults":{"chatCompletions":"gpt-4"}}""", "model_not_found")]
    public async Task An_event_that_says_so_has_what_is_in_flight_cut_off_with_the_reason(string method, string path, string? body, string code)
    {
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("strict", ", \"cutsInFlight\": true"))).Status.ShouldBe(201);
        var key = (await gateway.Api.SendAsync("POST", "/api/events/strict/keys", """{"user":"ann"}""")).Json;
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 4, times = 1 }, new { kind = "hang", times = 1 });
        using var streamed = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, key.GetProperty("key").GetString()));
        (await streamed.NextAsync()).ShouldNotBeNull();
        await gateway.Simulator.HeldAsync(1);
        var waiting = gateway.Client.AskAsync(Asking.Chat, Asking.Hello, key.GetProperty("key").GetString());
        await gateway.Simulator.StartedAsync(2);

        (await gateway.Api.SendAsync(method, path.Replace("{key}", key.GetProperty("id").GetRawText(), StringComparison.Ordinal)
                .Replace("{attendee}", key.GetProperty("attendeeId").GetRawText(), StringComparison.Ordinal), body, "*")).Status.ShouldBeInRange(200, 204);

        (await waiting).Code.ShouldBe(code);
        var seen = new List<string>();
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            while (await streamed.NextAsync() is { } data)
                seen.Add(data);
        });
        seen[^1].ShouldContain($"\"code\":\"{code}\"");
        (await gateway.Simulator.EndedAsync(2)).ShouldAllBe(r => r.State == "cancelled");
        (await gateway.Log.RequestsEndedAsync(2)).ShouldAllBe(l => l.Contains("Outcome=CutOff", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resumed_event_lets_in_again()
    {
        await gateway.Api.SendAsync("POST", "/api/events/spring/pause");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann")).Status.ShouldBe(403);

        await gateway.Api.SendAsync("POST", "/api/events/spring/resume");

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_a_rotated_one_works_until_its_grace_is_over()
    {
        var first = (await gateway.Api.SendAsync("POST", "/api/events/spring/keys", """{"user":"ann"}""")).Json;
        var oldKey = first.GetProperty("key").GetString()!;
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, oldKey)).Status.ShouldBe(200);

        var second = (await gateway.Api.SendAsync("POST", $"/api/events/spring/keys/{first.GetProperty("id").GetRawText()}/rotate", """{"grace":"1h"}""")).Json;
        var newKey = second.GetProperty("key").GetString()!;
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, oldKey)).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, newKey)).Status.ShouldBe(200);

        (await gateway.Api.SendAsync("DELETE", $"/api/events/spring/keys/{first.GetProperty("id").GetRawText()}")).Status.ShouldBe(204);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, oldKey)).Code.ShouldBe("key_unknown");
        (await gateway.Api.SendAsync("POST", $"/api/events/spring/keys/{second.GetProperty("id").GetRawText()}/rotate", """{"grace":"0s"}""")).Status.ShouldBe(201);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, newKey)).Code.ShouldBe("key_unknown");
    }

    [Fact]
    public async Task A_model_taken_out_of_an_event_is_refused_by_the_next_request()
    {
        (await gateway.Client.AskAsync(Asking.Chat, """{"model":"gpt-4","messages":[{"role":"user","content":"hi"}]}""", "spring/ann")).Status.ShouldBe(200);

        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"models":["gpt-4o"]}""", "*")).Status.ShouldBe(200);

        (await gateway.Client.AskAsync(Asking.Chat, """{"model":"gpt-4","messages":[{"role":"user","content":"hi"}]}""", "spring/ann")).Code.ShouldBe("model_not_found");
    }

    [Fact]
    public async Task A_blocked_attendee_is_refused_and_a_removed_one_may_come_again_as_somebody_new()
    {
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann");
        var id = (await gateway.Api.SendAsync("GET", "/api/events/spring/attendees")).Json.GetProperty("items")[0].GetProperty("id").GetInt64();

        await gateway.Api.SendAsync("POST", $"/api/events/spring/attendees/{id}/block");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann")).Code.ShouldBe("attendee_blocked");
        (await gateway.Api.SendAsync("DELETE", $"/api/events/spring/attendees/{id}")).Status.ShouldBe(204);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("GET", "/api/events/spring/attendees")).Json.GetProperty("items")[0].GetProperty("id").GetInt64().ShouldNotBe(id);
    }

    [Fact]
    public async Task An_extended_event_goes_on()
    {
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("short").Replace("2090-01-01T18:00", "2020-01-02T18:00", StringComparison.Ordinal))).Status.ShouldBe(201);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "short/ann")).Code.ShouldBe("event_over");

        (await gateway.Api.SendAsync("POST", "/api/events/short/extend", """{"end":"2090-01-01T00:00"}""")).Status.ShouldBe(200);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "short/ann")).Status.ShouldBe(200);
    }
}
