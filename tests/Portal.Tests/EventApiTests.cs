using System.Text.Json.Nodes;

namespace OpenAIProxy.Portal.Tests;

public sealed class EventApiTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Change_that_is_taken_back_gives_no_version_to_go_on_with()
    {
        var refused = await gateway.Api.SendAsync("PATCH", "/api/models/gpt-4o", """{"operations":["completions"]}""", "*");

        refused.Status.ShouldBe(409, refused.Body);
        refused.Header("ETag").ShouldBeNull();
    }

    [Fact]
    public async Task An_event_is_shown_as_it_was_made_with_what_has_become_of_it()
    {
        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "outputCap": 2000, "allowedOrigins": []"""));
        var shown = await gateway.Api.SendAsync("GET", made.Header("Location")!);

        made.Status.ShouldBe(201);
        shown.Body.ShouldBe(made.Body);
        shown.Header("ETag").ShouldBe(shown.Json.GetProperty("etag").GetString());
        shown.Json.GetProperty("start").GetString().ShouldBe("2020-01-01T09:00:00");
        shown.Json.GetProperty("opensAt").GetString().ShouldBe("2020-01-01T08:00:00+00:00");
        shown.Json.GetProperty("standing").GetString().ShouldBe("open");
        shown.Json.GetProperty("outputCap").GetInt64().ShouldBe(2000);
        shown.Json.GetProperty("attendeeCount").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_change_of_one_field_leaves_the_others_as_they_were_made()
    {
        const string fields = """
            "description": "Bring *ideas*", "imageUrl": "https://example.org/logo.png", "outputCap": 2000, "reasoningOutputCap": 3000, "entrance": "sharedSecret",
            "hashesUserIds": true, "cutsInFlight": true, "attendeeCap": 20, "allowedOrigins": ["https://app.example"], "streamMode": "faithful", "retentionDays": 30,
            "tokenAdmission": {"tenantId": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "audiences": ["api://proxy"], "groups": [], "roles": ["Judge"], "authority": "https://login.example/"}
            """;
        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", $""", "sharedSecret": "open-sesame", {fields}"""));

        var changed = await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"name": "Renamed"}""", made.Header("ETag"));

        (made.Status, changed.Status).ShouldBe((201, 200), made.Body + changed.Body);
        foreach (var shown in new[] { made, changed })
        {
            foreach (var (name, value) in JsonNode.Parse($"{{{fields}}}")!.AsObject())
                JsonNode.DeepEquals(JsonNode.Parse(shown.Body)![name], value).ShouldBeTrue($"{name} in {shown.Body}");
            shown.Json.GetProperty("hasSharedSecret").GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Two_organisers_do_not_overwrite_each_other()
    {
        var seen = (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"))).Header("ETag");
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"outputCap":100}""")).Status.ShouldBe(428);
        var first = await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"outputCap":100}""", seen);
        var second = await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"name":"Mine"}""", seen);

        first.Status.ShouldBe(200);
        second.Status.ShouldBe(412);
        second.Json.GetProperty("code").GetString().ShouldBe("changed_meanwhile");
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"name":"Mine"}""", first.Header("ETag"))).Status.ShouldBe(200);
        var both = (await gateway.Api.SendAsync("GET", "/api/events/spring")).Json;
        both.GetProperty("name").GetString().ShouldBe("Mine");
        both.GetProperty("outputCap").GetInt64().ShouldBe(100);
        // As something on its way may have weakened it.
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"name":"Ours"}""", "W/" + both.GetProperty("etag").GetString())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Model_goes_once_archived_events_do_not_offer_it_any_more_and_the_refusal_says_which_do()
    {
        var added = await gateway.Api.SendAsync("POST", "/api/models", """{"name":"old","family":"chat","operations":["chatCompletions"],"contextWindow":1000,"maxOutput":100}""");
        await gateway.Api.SendAsync("POST", "/api/deployments", """{"model":"old","backend":"simulator","name":"old"}""");
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"models":["old","gpt-4o"],"defaults":{"chatCompletions":"old"}}""", "*");
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("summer").Replace("gpt-4o", "old", StringComparison.Ordinal));
        var limit = (await gateway.Api.SendAsync("POST", "/api/events/spring/limits", """{"scope":"attendee","unit":"requests","cap":5,"model":"old"}""")).Json.GetProperty("id");
        foreach (var step in new[] { "close", "archive" })
            (await gateway.Api.SendAsync("POST", $"/api/events/spring/{step}")).Status.ShouldBe(200);

        var refused = await gateway.Api.SendAsync("DELETE", "/api/models/old", ifMatch: "*");

        refused.Status.ShouldBe(409);
        refused.Json.GetProperty("errors").GetProperty("name").EnumerateArray().Select(e => e.GetString()).ShouldBe(
        [
            "model 'old' is offered by spring (archived, and can still be changed so: its reports stay), summer: take it out of their models and defaults.",
            "model 'old' has limits of its own in spring (archived, and can still be changed so: its reports stay): remove them.",
            "model 'old' is deployed on simulator: remove its deployments.",
        ]);
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"models":["gpt-4o"],"defaults":{"chatCompletions":null}}""", "*")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("PATCH", "/api/events/summer", """{"models":[],"defaults":{"chatCompletions":null}}""", "*")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("DELETE", $"/api/events/spring/limits/{limit}", ifMatch: "*")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("DELETE", "/api/deployments/old/simulator/old")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("PATCH", "/api/models/old", """{"maxOutput":99}""", added.Header("ETag"))).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("DELETE", "/api/models/old", ifMatch: added.Header("ETag"))).Status.ShouldBe(412);
        (await gateway.Api.SendAsync("DELETE", "/api/models/old", ifMatch: "*")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("2026-05-01T09:00Z")]
    [InlineData("2026-05-01T09:00+02:00")]
    [InlineData("2026-05-01T09:00:00.5-11:00")]
    [InlineData("tomorrow")]
    public async Task Time_on_the_wall_has_no_offset(string time)
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("autumn").Replace("2020-01-01T09:00", time, StringComparison.Ordinal));
        var changed = await gateway.Api.SendAsync("PATCH", "/api/events/spring", $$"""{"start":"{{time}}"}""", "*");
        var extended = await gateway.Api.SendAsync("POST", "/api/events/spring/extend", $$"""{"end":"{{time}}"}""");

        foreach (var (answer, field) in new[] { (made, "start"), (changed, "start"), (extended, "end") })
        {
            answer.Status.ShouldBe(400, answer.Body);
            answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain("such as 2026-05-01T09:00, without Z or an offset");
        }
    }

    [Theory]
    [InlineData("""{"organiser":{"email":"o@example.org"}}""", "organiser", """{"name":"Olga","email":"o@example.org"}""")]
    [InlineData("""{"imageUrl":"https://example.org/x.png"}""", "imageUrl", "\"https://example.org/x.png\"")]
    [InlineData("""{"imageUrl":null}""", "imageUrl", "null")]
    [InlineData("""{"defaults":{"chatCompletions":"gpt-4"}}""", "defaults", """{"chatCompletions":"gpt-4"}""")]
    [InlineData("""{"defaults":{"chatCompletions":null}}""", "defaults", "{}")]
    [InlineData("""{"timeZone":"Asia/Kolkata"}""", "opensAt", "\"2020-01-01T03:30:00+00:00\"")]
    public async Task A_change_touches_what_it_names_only(string patch, string field, string expected)
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        var answer = await gateway.Api.SendAsync("PATCH", "/api/events/spring", patch, "*");

        answer.Status.ShouldBe(200, answer.Body);
        answer.Json.GetProperty(field).GetRawText().ShouldBe(expected);
        answer.Json.GetProperty("models").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"outputCap":0}""", "outputCap")]
    [InlineData("""{"outputCap":"many"}""", "outputCap")]
    [InlineData("""{"end":"2019-01-01T00:00"}""", "end")]
    [InlineData("""{"timeZone":"Mars/Base"}""", "timeZone")]
    [InlineData("""{"models":["gpt-99"]}""", "models")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"entrance":"sharedSecret"}""", "sharedSecret")]
    [InlineData("""{"entrance":"window"}""", "entrance")]
    [InlineData("""{"entrance":1}""", "entrance")]
    [InlineData("""{"allowedOrigins":["app.example"]}""", "allowedOrigins")]
    [InlineData("""{"start":"0001-01-01T00:00"}""", "start")]
    [InlineData("""{"end":"9999-12-31T23:59"}""", "end")]
    [InlineData("""{"state":"paused"}""", "state")]
    [InlineData("""{"code":"autumn"}""", "code")]
    [InlineData("""{"outputcap":5}""", "outputcap")]
    [InlineData("""["outputCap"]""", "body")]
    [InlineData("""{"outputCap":5""", "body")]
    public async Task Bad_input_is_a_problem_that_names_the_field_and_changes_nothing(string patch, string field)
    {
        var before = (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"))).Body;

        var answer = await gateway.Api.SendAsync("PATCH", "/api/events/spring", patch, "*");

        answer.Status.ShouldBe(400, answer.Body);
        answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field, answer.Body);
        answer.Json.GetProperty("requestId").GetString().ShouldBe(answer.Header("x-request-id"));
        (await gateway.Api.SendAsync("GET", "/api/events/spring")).Body.ShouldBe(before);
    }

    [Theory]
    [InlineData("", "body", "Send a JSON object as the body.")]
    [InlineData("null", "body", "Send a JSON object as the body.")]
    [InlineData("[]", "body", "Send a JSON object as the body.")]
    [InlineData("""{"code": """, "body", "The body is not valid JSON.")]
    [InlineData("""{"code": "a1", "code": "b1"}""", "code", "The field is there twice.")]
    [InlineData("""{"entrance": "shared"}""", "entrance", "It takes anyUser, sharedSecret or keyOnly.")]
    [InlineData("""{"streamMode": 1}""", "streamMode", "It takes faithful or strict.")]
    [InlineData("""{"limits": [{"scope": "room"}]}""", "limits[0].scope", "It takes")]
    [InlineData("""{"outputCap": "many"}""", "outputCap", "The value has the wrong type.")]
    public async Task A_body_that_cannot_be_read_is_told_what_would_do(string body, string field, string words)
    {
        var answer = await gateway.Api.SendAsync("POST", "/api/events", body);

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldStartWith(words);
    }

    [Theory]
    [InlineData("/api/events?page=1&page=2", "page", "It takes one value.")]
    [InlineData("/api/events?state=asleep", "state", "It takes draft, open, paused, closed or archived.")]
    [InlineData("/api/events/hackathon/keys?state=asleep", "state", "It takes active, revoked or expired.")]
    [InlineData("/api/events/hackathon/keys?attendee=ann", "attendee", "It takes a whole number.")]
    [InlineData("/api/events/hackathon/attendees?blocked=perhaps", "blocked", "It takes true or false.")]
    [InlineData("/api/usage?groupBy=reason", "groupBy", "It takes event, attendee, model, operation, hour or day.")]
    [InlineData("/api/events/hackathon/usage?from=yesterday", "from", "It takes a moment with Z or its offset, such as 2026-05-01T09:00:00Z or 2026-05-01T09:00:00+02:00.")]
    [InlineData("/api/refusals?groupBy=model", "groupBy", "It takes reason or event.")]
    [InlineData("/api/refusals?interval=week", "interval", "It takes minute, hour or day.")]
    [InlineData("/api/entries?to=9", "to", "It takes a moment")]
    [InlineData("/api/entries?operation=chat", "operation", "It takes chatCompletions,")]
    [InlineData("/api/entries?outcome=1", "outcome", "It takes ")]
    [InlineData("/api/entries.csv?exactness=guessed", "exactness", "It takes ")]
    [InlineData("/api/audit?since=x", "since", "It takes a moment")]
    [InlineData("/api/audit?kind=x", "kind", "It takes ")]
    public async Task A_parameter_that_cannot_be_read_is_told_what_it_takes(string path, string field, string words)
    {
        var answer = await gateway.Api.SendAsync("GET", path);

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldStartWith(words);
    }

    [Fact]
    public async Task Lists_are_paged_sorted_filtered_and_searched()
    {
        foreach (var code in new[] { "c-one", "a-two", "b-three" })
            await gateway.Api.SendAsync("POST", "/api/events", Managing.Event(code));
        await gateway.Api.SendAsync("POST", "/api/events/b-three/pause");

        (await CodesAsync("?sort=code")).ShouldBe(["a-two", "b-three", "c-one", "hackathon"]);
        (await CodesAsync("?sort=-code&pageSize=2&page=2")).ShouldBe(["b-three", "a-two"]);
        (await CodesAsync("?state=paused")).ShouldBe(["b-three"]);
        (await CodesAsync("?search=TWO")).ShouldBe(["a-two"]);
        (await CodesAsync("?search=%25")).ShouldBeEmpty();
        foreach (var (query, field) in new[] { ("?sort=secret", "sort"), ("?page=0", "page"), ("?pageSize=501", "pageSize"), ("?page=x", "page"), ("?state=asleep", "state"), ("?state=1", "state") })
        {
            var answer = await gateway.Api.SendAsync("GET", "/api/events" + query);
            answer.Status.ShouldBe(400);
            answer.Json.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(answer.Body);
        }
    }

    [Fact]
    public async Task What_something_depends_on_is_not_deleted_and_the_reason_is_given()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann");

        foreach (var path in new[] { "/api/events/spring", "/api/models/gpt-4o", "/api/backends/simulator" })
        {
            var answer = await gateway.Api.SendAsync("DELETE", path, null, "*");
            answer.Status.ShouldBe(409, answer.Body);
            answer.Json.GetProperty("code").GetString().ShouldBe("in_use");
        }
    }

    [Fact]
    public async Task A_step_that_the_life_of_an_event_does_not_allow_is_refused()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        var answer = await gateway.Api.SendAsync("POST", "/api/events/spring/archive");

        answer.Status.ShouldBe(409);
        answer.Json.GetProperty("code").GetString().ShouldBe("wrong_state");
        answer.Json.GetProperty("detail").GetString()!.ShouldContain("close it first");
    }

    [Theory]
    [InlineData("extend", """{"end":"9999-12-31T23:59:00"}""", "end")]
    [InlineData("extend", """{"end":"9999-12-31T00:00:00"}""", "end")]
    [InlineData("extend", """{"by":"2900000d"}""", "by")]
    [InlineData("copy", """{"code":"autumn","start":"9999-12-31T00:00"}""", "end")]
    [InlineData("copy", """{"code":"autumn","start":"9999-12-31T00:00","end":"9999-12-31T23:59"}""", "end")]
    [InlineData("copy", """{"code":"autumn","start":"0001-01-01T00:00"}""", "start")]
    public async Task A_time_that_no_calendar_has_is_a_problem_that_names_the_field(string step, string body, string field)
    {
        var before = (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"))).Body;

        var answer = await gateway.Api.SendAsync("POST", $"/api/events/spring/{step}", body);

        answer.Status.ShouldBeInRange(400, 422, answer.Body);
        answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field, answer.Body);
        (await gateway.Api.SendAsync("GET", "/api/events/spring")).Body.ShouldBe(before);
        (await gateway.Api.SendAsync("GET", "/api/events/autumn")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_copy_is_a_draft_without_attendees()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/ann");

        var copy = await gateway.Api.SendAsync("POST", "/api/events/spring/copy", """{"code":"autumn","name":"Autumn"}""");

        copy.Status.ShouldBe(201, copy.Body);
        copy.Json.GetProperty("state").GetString().ShouldBe("draft");
        copy.Json.GetProperty("attendeeCount").GetInt64().ShouldBe(0);
        copy.Json.GetProperty("models").GetArrayLength().ShouldBe(2);
    }

    private async Task<List<string>> CodesAsync(string query)
    {
        var answer = await gateway.Api.SendAsync("GET", "/api/events" + query);
        answer.Status.ShouldBe(200, answer.Body);
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("code").GetString()!)];
    }
}
