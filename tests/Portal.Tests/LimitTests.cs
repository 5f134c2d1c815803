using System.Text.Json;

namespace OpenAIProxy.Portal.Tests;

/// <summary>Limits, raised caps and prices: what is written is what the very next request is held to.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string TwoRequests = ", \"limits\": [{\"scope\": \"attendee\", \"unit\": \"requests\", \"window\": \"event\", \"cap\": 2}]";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_new_event_has_limits_unless_it_brings_its_own()
    {
        (await EventAsync("plain")).GetProperty("limits").EnumerateArray().Select(Words).ShouldBe(
            ["attendee requests minute 60", "attendee totalTokens day 1000000", "attendee inFlight event 10"]);
        (await EventAsync("own", TwoRequests)).GetProperty("limits").EnumerateArray().Select(Words).ShouldBe(["attendee requests event 2"]);
        (await EventAsync("none", ", \"limits\": []")).GetProperty("limits").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_copy_has_the_same_limits_under_ids_of_its_own()
    {
        var original = await EventAsync("own", TwoRequests);

        var copy = (await gateway.Api.SendAsync("POST", "/api/events/own/copy", """{"code": "again"}""")).Json;

        copy.GetProperty("limits").EnumerateArray().Select(Words).ShouldBe(["attendee requests event 2"]);
        Id(copy.GetProperty("limits")[0]).ShouldNotBe(Id(original.GetProperty("limits")[0]));
    }

    [Fact]
    public async Task A_cap_holds_from_the_next_request_on_and_can_be_raised_for_one()
    {
        var limit = Id((await EventAsync("own", TwoRequests)).GetProperty("limits")[0]);
        (await AskAsync("own/ann")).Status.ShouldBe(200);
        (await AskAsync("own/ann")).Status.ShouldBe(200);
        (await AskAsync("own/ann")).Code.ShouldBe("limit_requests_per_event");

        var ann = (await gateway.Api.SendAsync("GET", "/api/events/own/attendees")).Json.GetProperty("items")[0].GetProperty("id").GetRawText();
        var cap = $"/api/events/own/attendees/{ann}/caps/{limit}";
        (await gateway.Api.SendAsync("GET", cap)).Status.ShouldBe(404);
        (await gateway.Api.SendAsync("PUT", cap, """{"cap": 3}""")).Json.GetProperty("cap").GetInt64().ShouldBe(3);
        (await gateway.Api.SendAsync("GET", cap)).Json.GetProperty("cap").GetInt64().ShouldBe(3);
        (await gateway.Api.SendAsync("GET", $"/api/events/own/attendees/{ann}")).Json.GetProperty("raisedCaps").GetRawText()
            .ShouldBe($$"""[{"limit":{{limit}},"scope":"attendee","unit":"requests","window":"event","model":null,"usualCap":2,"cap":3}]""");
        (await AskAsync("own/ann")).Status.ShouldBe(200);
        (await AskAsync("own/ann")).Status.ShouldBe(403);

        (await gateway.Api.SendAsync("DELETE", cap)).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("DELETE", cap)).Status.ShouldBe(404);
        (await gateway.Api.SendAsync("GET", $"/api/events/own/attendees/{ann}")).Json.GetProperty("raisedCaps").GetArrayLength().ShouldBe(0);
        (await gateway.Api.SendAsync("PATCH", $"/api/events/own/limits/{limit}", """{"cap": 4}""", "*")).Status.ShouldBe(200);
        (await AskAsync("own/ann")).Status.ShouldBe(200);
        (await AskAsync("own/ann")).Status.ShouldBe(403);

        (await gateway.Api.SendAsync("DELETE", $"/api/events/own/limits/{limit}", ifMatch: "*")).Status.ShouldBe(204);
        (await AskAsync("own/ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_limit_is_added_shown_changed_and_removed()
    {
        await EventAsync("own", TwoRequests);

        var added = await gateway.Api.SendAsync("POST", "/api/events/own/limits", """{"scope": "event", "unit": "money", "window": "day", "cap": 5000000, "model": "GPT-4o"}""");

        added.Status.ShouldBe(201);
        added.Json.GetProperty("model").GetString().ShouldBe("gpt-4o");
        var path = added.Headers["Location"];
        path.ShouldBe($"/api/events/own/limits/{Id(added.Json)}");
        var shown = await gateway.Api.SendAsync("GET", path);
        shown.Body.ShouldBe(added.Body);
        (await gateway.Api.SendAsync("PATCH", path, """{"cap": 1}""")).Status.ShouldBe(428);
        (await gateway.Api.SendAsync("PATCH", path, """{"cap": 1}""", shown.Headers["ETag"])).Json.GetProperty("cap").GetInt64().ShouldBe(1);
        (await gateway.Api.SendAsync("PATCH", path, """{"cap": 2}""", shown.Headers["ETag"])).Status.ShouldBe(412);
        (await gateway.Api.SendAsync("PATCH", path, """{"scope": "event"}""", "*")).Status.ShouldBe(400);
        (await gateway.Api.SendAsync("DELETE", path)).Status.ShouldBe(428);
        (await gateway.Api.SendAsync("DELETE", path, ifMatch: "*")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("DELETE", path, ifMatch: "*")).Status.ShouldBe(404);
        (await gateway.Api.SendAsync("GET", path)).Status.ShouldBe(404);
        (await gateway.Api.SendAsync("GET", "/api/events/own/limits")).Json.GetProperty("total").GetInt64().ShouldBe(1);
        (await gateway.Api.SendAsync("GET", "/api/audit?kind=limit&event=own")).Json.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("action").GetString())
            .ShouldBe(["delete", "change", "create", "create"]);
    }

    [Theory]
    [InlineData("""{"scope": "attendee", "unit": "requests", "window": "event", "cap": 5}""", 409, "exists")]
    [InlineData("""{"scope": "attendee", "unit": "requests", "window": "day", "cap": -1}""", 400, "invalid")]
    [InlineData("""{"scope": "attendee", "unit": "requests", "window": "day", "cap": 9000000000001}""", 400, "invalid")]
    [InlineData("""{"scope": "attendee", "unit": "inFlight", "window": "day", "cap": 1}""", 400, "invalid")]
    [InlineData("""{"scope": "everybody", "unit": "requests", "window": "day", "cap": 1}""", 400, "invalid")]
    [InlineData("""{"scope": "attendee", "unit": "requests", "window": "day", "cap": 1, "model": "nonesuch"}""", 400, "invalid")]
    [InlineData("""{"scope": "attendee", "unit": "requests", "window": "day"}""", 400, "invalid")]
    public async Task A_limit_that_makes_no_sense_is_refused(string body, int status, string code)
    {
        await EventAsync("own", TwoRequests);

        var answer = await gateway.Api.SendAsync("POST", "/api/events/own/limits", body);

        (answer.Status, answer.Json.GetProperty("code").GetString()).ShouldBe((status, code), answer.Body);
    }

    [Fact]
    public async Task An_organiser_sets_limits_of_their_own_events_only()
    {
        await EventAsync("theirs");
        using var ann = await gateway.ApiOfOrganiserAsync("ann");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("anns"))).Status.ShouldBe(201);
        const string Limit = """{"scope": "event", "unit": "requests", "window": "day", "cap": 1}""";

        (await ann.SendAsync("POST", "/api/events/anns/limits", Limit)).Status.ShouldBe(201);
        (await ann.SendAsync("POST", "/api/events/theirs/limits", Limit)).Status.ShouldBe(404);
        (await ann.SendAsync("GET", "/api/events/theirs/limits")).Status.ShouldBe(404);
        (await ann.SendAsync("PUT", "/api/models/gpt-4/price", """{"input": 1, "output": 1, "asOf": "2026-05-01", "source": "x"}""")).Status.ShouldBe(403);
        (await ann.SendAsync("GET", "/api/models/gpt-4/price")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("PATCH", """{"cap": 1}""")]
    [InlineData("PATCH", """{"cap": -1}""")]
    [InlineData("DELETE", null)]
    public async Task Whether_anothers_event_has_a_limit_is_told_to_nobody(string method, string? body)
    {
        var limit = Id((await EventAsync("theirs", TwoRequests)).GetProperty("limits")[0]);
        using var ann = await gateway.ApiOfOrganiserAsync("ann");

        var there = await ann.SendAsync(method, $"/api/events/theirs/limits/{limit}", body, "*");
        var nowhere = await ann.SendAsync(method, "/api/events/theirs/limits/999", body, "*");

        there.Status.ShouldBe(404);
        Detail(there).ShouldBe("There is no event 'theirs'.");
        (nowhere.Status, Detail(nowhere)).ShouldBe((there.Status, Detail(there)));

        static string? Detail(Answer answer) => answer.Json.GetProperty("detail").GetString();
    }

    [Fact]
    public async Task A_price_is_in_force_for_the_next_request_and_unknown_ones_are_refused_where_money_is_limited()
    {
        await EventAsync("rich", ", \"limits\": [{\"scope\": \"attendee\", \"unit\": \"money\", \"cap\": 1000000}]");
        (await gateway.Api.SendAsync("GET", "/api/models/gpt-4o")).Json.GetProperty("price").GetProperty("source").GetString()!.ShouldStartWith("unverified");
        (await AskAsync("rich/ann")).Status.ShouldBe(200);

        (await gateway.Api.SendAsync("DELETE", "/api/models/gpt-4o/price")).Status.ShouldBe(204);

        (await gateway.Api.SendAsync("GET", "/api/models/gpt-4o/price")).Status.ShouldBe(404);
        (await gateway.Api.SendAsync("GET", "/api/models/gpt-4o")).Json.GetProperty("price").ValueKind.ShouldBe(JsonValueKind.Null);
        (await AskAsync("rich/ann")).Status.ShouldBeInRange(400, 499);
        (await gateway.Api.SendAsync("PUT", "/api/models/gpt-4o/price", """{"input": 1, "output": 10000000000000, "asOf": "2026-05-01", "source": "our contract"}""")).Body
            .ShouldBe("""{"input":1,"cachedInput":1,"output":10000000000000,"image":0,"asOf":"2026-05-01","source":"our contract"}""");
        (await AskAsync("rich/ann")).Code.ShouldBe("limit_money_per_event");
        (await gateway.Api.SendAsync("PUT", "/api/models/gpt-4o/price", """{"input": -1, "output": 1, "asOf": "2026-05-01", "source": ""}""")).Json.GetProperty("errors").EnumerateObject()
            .Select(e => e.Name).ShouldBe(["input", "cachedInput", "source"]);
    }

    [Fact]
    public async Task A_well_known_model_comes_with_a_price_and_an_unknown_one_without()
    {
        const string Rest = "\"family\": \"chat\", \"operations\": [\"chatCompletions\"], \"contextWindow\": 1000, \"maxOutput\": 100}";

        (await gateway.Api.SendAsync("POST", "/api/models", "{\"name\": \"gpt-4.1\", " + Rest)).Json.GetProperty("price").GetProperty("output").GetInt64().ShouldBe(8_000_000);
        (await gateway.Api.SendAsync("POST", "/api/models", "{\"name\": \"ours\", " + Rest)).Json.GetProperty("price").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private async Task<JsonElement> EventAsync(string code, string more = "")
    {
        var answer = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event(code, more));
        answer.Status.ShouldBe(201, answer.Body);
        return answer.Json;
    }

    private Task<Answer> AskAsync(string credential) => gateway.Client.AskAsync(Asking.Chat, Asking.Hello, credential);

    private static string Id(JsonElement limit) => limit.GetProperty("id").GetRawText();

    private static string Words(JsonElement limit) =>
        $"{limit.GetProperty("scope").GetString()} {limit.GetProperty("unit").GetString()} {limit.GetProperty("window").GetString()} {limit.GetProperty("cap").GetInt64()}";
}
