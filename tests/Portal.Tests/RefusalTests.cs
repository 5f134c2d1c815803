using System.Text.Json;

namespace OpenAIProxy.Portal.Tests;

/// <summary>What was refused is counted as soon as the client has its answer: as the event's whose it was, and by the proxy's own reasons.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string Limited = """, "limits": [{"scope": "attendee", "unit": "requests", "window": "event", "cap": 1}]""";

    private const string Streamed = """{"stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem"}]}""";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;
    private HttpClient ann = null!;

    public RefusalTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        ann = await gateway.ApiOfOrganiserAsync("ann");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("anns", Limited))).Status.ShouldBe(201);
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("others"))).Status.ShouldBe(201);
    }

    public ValueTask DisposeAsync()
    {
        ann.Dispose();
        return gateway.DisposeAsync();
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason_and_time()
    {
        await AskAsync("anns/eve", 200);
        await AskAsync("anns/eve", 403);
        await AskAsync("anns/eve", 403);
        await AskAsync("anns/eve", 404, """{"model":"gpt-9","messages":[]}""");
        await AskAsync("anns/bob", 400, "{");
        await AskAsync("others/eve", 400, "{");

        (await CountsAsync(ann, "/api/events/anns/refusals")).ShouldBe("4: limit_requests_per_event 2, invalid_json 1, model_not_found 1");
        (await CountsAsync(ann, "/api/events/anns/refusals?reason=model_not_found")).ShouldBe("1: model_not_found 1");
        (await CountsAsync(ann, "/api/events/anns/refusals?pageSize=1&page=2")).ShouldBe("4: invalid_json 1");
        (await CountsAsync(ann, "/api/events/anns/refusals?to=2020-01-01T00:00:00Z")).ShouldBe("0: ");
        (await CountsAsync(ann, "/api/events/anns/refusals?from=2020-01-01T00:00:00Z")).ShouldStartWith("4: ");
        // It is one in the afternoon in Berlin.
        foreach (var (interval, from) in new[] { ("minute", "2026-03-04T12:00:00"), ("hour", "2026-03-04T12:00:00"), ("day", "2026-03-03T23:00:00") })
        {
            var item = (await ann.SendAsync("GET", $"/api/events/anns/refusals?interval={interval}")).Json.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
            item.GetProperty("count").GetInt64().ShouldBe(4);
            item.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
            item.GetProperty("from").GetDateTime().ToUniversalTime().ToString("s").ShouldBe(from);
        }
        (await CountsAsync(ann, "/api/events/anns/refusals?groupBy=reason&interval=day&reason=invalid_json")).ShouldBe("1: invalid_json 1");
    }

    [Fact]
    public async Task An_organiser_sees_what_was_refused_in_their_events_only()
    {
        await AskAsync("anns/eve", 400, "{");
        await AskAsync("others/eve", 400, "{");
        await AskAsync("nowhere/eve", 401);

        (await CountsAsync(ann, "/api/refusals?groupBy=event")).ShouldBe("1: anns 1");
        (await CountsAsync(gateway.Api, "/api/refusals?groupBy=event")).ShouldBe("3:  1, anns 1, others 1");
        (await ann.SendAsync("GET", "/api/events/others/refusals")).Status.ShouldBe(404);
        foreach (var wrong in new[] { "groupBy=weather", "interval=week", "page=0", "pageSize=501", "from=now" })
            (await ann.SendAsync("GET", $"/api/events/anns/refusals?{wrong}")).Status.ShouldBe(400, wrong);
    }

    [Theory]
    [InlineData("GET", "/v1/models", "nowhere/eve", 401, "", "event_code_unknown")]
    [InlineData("GET", "/v1/models/gpt-9", "anns/eve", 404, "anns", "model_not_found")]
    [InlineData("GET", "/openai/models", "anns/eve", 404, "anns", "404")]
    [InlineData("POST", "/api/v1/eventinfo", "nowhere/eve", 401, "", "event_code_unknown")]
    [InlineData("GET", "/api/v1/usage", "nowhere/eve", 401, "", "event_code_unknown")]
    [InlineData("GET", "/api/v1/usage", "resource:gpt-4o|gpt-4o:key", 401, "", "event_required")]
    [InlineData("GET", "/api/v1/event/nowhere", null, 404, "", "event_not_found")]
    public async Task What_is_refused_beside_the_models_calls_is_counted_too(string method, string path, string? credential, int status, string @event, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (credential is not null)
            request.Headers.Add("Authorization", $"Bearer {credential}");

        (await gateway.Client.AskAsync(request)).Status.ShouldBe(status);

        (await CountsAsync(gateway.Api, "/api/refusals?groupBy=event")).ShouldBe($"1: {@event} 1");
        (await CountsAsync(gateway.Api, "/api/refusals")).ShouldBe($"1: {code} 1");
    }

    [Fact]
    public async Task Who_is_refused_at_the_door_is_counted_with_the_event_if_it_is_known()
    {
        await gateway.ChangeEventAsync(e => e with { Entrance = Domain.Events.Entrance.KeyOnly }, "others");
        await AskAsync("others/eve", 401);
        await AskAsync("anns", 401);
        using (var foreign = Asking.Post("/events/others/api/v1/chat/completions", Asking.Hello, "anns/eve"))
            (await gateway.Client.AskAsync(foreign)).Status.ShouldBe(403);
        (await gateway.Api.SendAsync("POST", "/api/events/anns/pause")).Status.ShouldBe(200);
        await AskAsync("anns/eve", 403);
        await AskAsync("aop_0123456789abcdefghijklmnopqrstuvwxyz", 401, header: "api-key");

        (await CountsAsync(gateway.Api, "/api/events/others/refusals")).ShouldBe("1: key_required 1");
        (await CountsAsync(gateway.Api, "/api/events/anns/refusals")).ShouldBe("3: event_paused 1, other_event 1, user_required 1");
        (await CountsAsync(gateway.Api, "/api/refusals?groupBy=event")).ShouldBe("5: anns 3,  1, others 1");
    }

    [Fact]
    public async Task What_a_backend_refuses_is_no_refusal_of_ours()
    {
        await gateway.Simulator.FailAsync(new { kind = "status", body = "429-requests" });
        await AskAsync("others/eve", 503);
        await gateway.Simulator.FailAsync(new { kind = "status", body = "401-key" });
        await AskAsync("others/eve", 502);

        (await CountsAsync(gateway.Api, "/api/refusals")).ShouldBe("0: ");
    }

    [Fact]
    public async Task The_last_refusal_is_shown_with_the_attendee_until_they_are_removed()
    {
        await AskAsync("anns/eve", 200);
        var path = $"/api/events/anns/attendees/{(await AttendeesAsync("anns"))[0].GetProperty("id")}";
        (await ann.SendAsync("GET", path)).Json.GetProperty("lastRefusal").ValueKind.ShouldBe(JsonValueKind.Null);
        await AskAsync("anns/eve", 400, "{");
        await ShouldBeLastAsync(path, await AskAsync("anns/eve", 403));
        await ann.SendAsync("POST", $"{path}/block");

        await ShouldBeLastAsync(path, await AskAsync("anns/eve", 403));

        (await AttendeesAsync("anns"))[0].GetProperty("lastRefusal").GetProperty("code").GetString().ShouldBe("attendee_blocked");
        (await ann.SendAsync("DELETE", path)).Status.ShouldBe(204);
        (await ann.SendAsync("GET", path)).Status.ShouldBe(404);
        await AskAsync("anns/eve", 200);
        (await AttendeesAsync("anns")).ShouldHaveSingleItem().GetProperty("lastRefusal").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Who_becomes_an_attendee_by_a_request_that_a_limit_refuses_has_a_last_refusal()
    {
        (await ann.SendAsync("POST", "/api/events", Managing.Event("closed", Limited.Replace("\"cap\": 1", "\"cap\": 0", StringComparison.Ordinal)))).Status.ShouldBe(201);

        var answer = await AskAsync("closed/eve", 403);

        await ShouldBeLastAsync($"/api/events/closed/attendees/{(await AttendeesAsync("closed"))[0].GetProperty("id")}", answer);
    }

    [Fact]
    public async Task Who_becomes_an_attendee_by_a_request_that_is_cut_off_has_a_last_refusal()
    {
        (await ann.SendAsync("POST", "/api/events", Managing.Event("cutting", ", \"cutsInFlight\": true"))).Status.ShouldBe(201);
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        var asked = AskAsync("cutting/eve", 403);
        await gateway.Simulator.StartedAsync(1);
        (await ann.SendAsync("POST", "/api/events/cutting/pause")).Status.ShouldBe(200);

        var answer = await asked;

        answer.Code.ShouldBe("event_paused");
        await ShouldBeLastAsync($"/api/events/cutting/attendees/{(await AttendeesAsync("cutting"))[0].GetProperty("id")}", answer);
    }

    [Fact]
    public async Task A_stream_that_is_cut_off_is_counted_as_a_whole_answer_would_be()
    {
        (await ann.SendAsync("POST", "/api/events", Managing.Event("cutting", ", \"cutsInFlight\": true"))).Status.ShouldBe(201);
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 4 });
        using var streamed = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, "cutting/eve"));
        (await streamed.NextAsync()).ShouldNotBeNull();
        await gateway.Simulator.HeldAsync(1);

        (await ann.SendAsync("POST", "/api/events/cutting/pause")).Status.ShouldBe(200);

        (await streamed.LastBeforeBreakAsync()).ShouldContain("\"code\":\"event_paused\"");
        (await CountsAsync(ann, "/api/events/cutting/refusals")).ShouldBe("1: event_paused 1");
        (await AttendeesAsync("cutting"))[0].GetProperty("lastRefusal").GetProperty("code").GetString().ShouldBe("event_paused");
        (await gateway.Log.RequestsEndedAsync(1)).ShouldAllBe(l => l.Contains("Refusal=event_paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_its_backend_broke_is_named_in_the_log_and_not_counted()
    {
        await gateway.Simulator.FailAsync(new { kind = "reset", after = 4 });
        using var streamed = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, "anns/eve"));

        (await streamed.LastBeforeBreakAsync()).ShouldContain("\"code\":\"backend_broke_off\"");

        (await CountsAsync(ann, "/api/events/anns/refusals")).ShouldBe("0: ");
        (await gateway.Log.RequestsEndedAsync(1)).ShouldAllBe(l => l.Contains("Refusal=backend_broke_off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_who_only_says_a_name_writes_over_what_is_known_of_an_attendee()
    {
        (await ann.SendAsync("PUT", "/api/events/anns/shared-secret", """{"sharedSecret": "right-secret"}""")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("PATCH", "/api/events/anns", """{"entrance": "sharedSecret"}""", "*")).Status.ShouldBe(200);
        await AskAsync("anns@right-secret/eve", 200);
        var known = await AskAsync("anns@right-secret/eve", 403);

        await AskAsync("anns@wrong-secret/eve", 401);

        await ShouldBeLastAsync($"/api/events/anns/attendees/{(await AttendeesAsync("anns"))[0].GetProperty("id")}", known);
        (await CountsAsync(ann, "/api/events/anns/refusals")).ShouldBe("2: event_code_unknown 1, limit_requests_per_event 1");
    }

    [Fact]
    public async Task What_clients_send_makes_no_reasons_of_its_own()
    {
        for (var i = 0; i < 50; i++)
            await AskAsync("anns/eve", 404, $$"""{"model":"made-up-{{i}}","messages":[]}""");
        for (var i = 0; i < 10; i++)
            await AskAsync($"made-up-{i}/eve", 401);

        (await CountsAsync(gateway.Api, "/api/refusals")).ShouldBe("60: model_not_found 50, event_code_unknown 10");
    }

    private async Task ShouldBeLastAsync(string path, Answer answer)
    {
        var last = (await ann.SendAsync("GET", path)).Json.GetProperty("lastRefusal");
        last.GetProperty("code").GetString().ShouldBe(answer.Code);
        last.GetProperty("message").GetString().ShouldBe(answer.Message);
        last.GetProperty("request").GetString().ShouldBe(answer.Header("x-request-id"));
        last.GetProperty("at").GetDateTimeOffset().ShouldBe(time.GetUtcNow());
    }

    private async Task<List<JsonElement>> AttendeesAsync(string code) =>
        [.. (await ann.SendAsync("GET", $"/api/events/{code}/attendees")).Json.GetProperty("items").EnumerateArray()];

    private async Task<Answer> AskAsync(string credential, int status, string body = Asking.Hello, string header = "openai-event-code")
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, body, credential, header);
        answer.Status.ShouldBe(status, answer.Body);
        return answer;
    }

    private static async Task<string> CountsAsync(HttpClient api, string path)
    {
        var list = (await api.SendAsync("GET", path)).Json;
        var key = path.Contains("groupBy=event", StringComparison.Ordinal) ? "event" : "reason";
        return $"{list.GetProperty("count")}: {string.Join(", ", list.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty(key).GetString()} {i.GetProperty("count")}"))}";
    }
}
