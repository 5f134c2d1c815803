using System.Text.Json;

namespace OpenAIProxy.Portal.Tests;

/// <summary>Reports of what was used, as soon as the answers have ended.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private static readonly string[] Sums = ["requests", "input", "cachedInput", "output", "reasoning", "cost", "estimated", "unsettled"];

    private readonly GatewayUnderTest gateway = new();
    private HttpClient ann = null!;

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        ann = await gateway.ApiOfOrganiserAsync("ann");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("anns"))).Status.ShouldBe(201);
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("others"))).Status.ShouldBe(201);
    }

    public ValueTask DisposeAsync()
    {
        ann.Dispose();
        return gateway.DisposeAsync();
    }

    [Fact]
    public async Task Usage_is_what_the_answers_said_and_groups_add_up_to_the_total()
    {
        var (input, output) = (0L, 0L);
        foreach (var (user, model) in new[] { ("eve", "gpt-4o"), ("eve", "gpt-4"), ("=1+1,\"x\"", "gpt-4o") })
        {
            var usage = (await AskAsync($"anns/{user}", model)).Json.GetProperty("usage");
            (input, output) = (input + usage.GetProperty("prompt_tokens").GetInt64(), output + usage.GetProperty("completion_tokens").GetInt64());
        }

        var total = (await ann.SendAsync("GET", "/api/events/anns/usage")).Json.GetProperty("total");

        total.GetProperty("requests").GetInt64().ShouldBe(3);
        total.GetProperty("input").GetInt64().ShouldBe(input);
        total.GetProperty("output").GetInt64().ShouldBe(output);
        total.GetProperty("cost").GetInt64().ShouldBeGreaterThan(0);
        foreach (var (by, count) in new[] { ("event", 1), ("attendee", 2), ("model", 2), ("operation", 1), ("hour", 1), ("day", 1) })
        {
            var answer = (await ann.SendAsync("GET", $"/api/events/anns/usage?groupBy={by}")).Json;
            // Between two requests the hour may have ended.
            answer.GetProperty("groups").GetArrayLength().ShouldBeInRange(count, by is "hour" or "day" ? 2 : count, by);
            foreach (var sum in Sums)
                answer.GetProperty("groups").EnumerateArray().Sum(g => g.GetProperty(sum).GetInt64()).ShouldBe(total.GetProperty(sum).GetInt64(), $"{by} {sum}");
        }
        (await ann.SendAsync("GET", "/api/events/anns/usage?groupBy=attendee")).Json.GetProperty("groups").EnumerateArray()
            .Select(g => g.GetProperty("name").GetString()).ShouldBe(["eve", "=1+1,\"x\""], ignoreOrder: true);
    }

    [Fact]
    public async Task An_organiser_sees_what_was_used_in_their_events_only()
    {
        await AskAsync("anns/eve", "gpt-4o");
        await AskAsync("others/secret-canary", "gpt-4o");

        (await ann.SendAsync("GET", "/api/usage?groupBy=event")).Json.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("key").GetString()).ShouldBe(["anns"]);
        (await ann.SendAsync("GET", "/api/usage?groupBy=attendee")).Body.ShouldNotContain("canary");
        (await gateway.Api.SendAsync("GET", "/api/usage")).Json.GetProperty("total").GetProperty("requests").GetInt64().ShouldBe(2);
        foreach (var path in new[] { "usage", "entries", "entries.csv" })
            (await ann.SendAsync("GET", $"/api/events/others/{path}")).Status.ShouldBe(404, path);
    }

    [Fact]
    public async Task Usage_can_be_asked_for_by_time()
    {
        await AskAsync("anns/eve", "gpt-4o");

        (await RequestsAsync("?from=2020-01-01T00:00:00Z&to=2090-01-01T00:00:00Z")).ShouldBe(1);
        (await RequestsAsync("?to=2020-01-01T00:00:00Z")).ShouldBe(0);
        (await RequestsAsync("?from=2090-01-01T00:00:00Z")).ShouldBe(0);
        (await ann.SendAsync("GET", "/api/events/anns/usage?groupBy=weather")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Entries_are_listed_by_pages_and_filters()
    {
        var first = await AskAsync("anns/eve", "gpt-4o");
        await AskAsync("anns/eve", "gpt-4");

        var entry = (await ann.SendAsync("GET", "/api/events/anns/entries?model=GPT-4o")).Json.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();

        entry.GetProperty("request").GetString().ShouldBe(first.Header("x-request-id"));
        entry.GetProperty("attendeeName").GetString().ShouldBe("eve");
        entry.GetProperty("operation").GetString().ShouldBe("chatCompletions");
        entry.GetProperty("exactness").GetString().ShouldBe("exact");
        entry.GetProperty("outcome").GetString().ShouldBe("complete");
        (await CountAsync("?pageSize=1")).ShouldBe((1, 2));
        (await CountAsync("?page=2&pageSize=1&sort=cost")).ShouldBe((1, 2));
        (await CountAsync("?exactness=estimated")).ShouldBe((0, 0));
        (await CountAsync("?outcome=complete&exactness=exact")).ShouldBe((2, 2));
        (await CountAsync("?attendee=999")).ShouldBe((0, 0));
        (await CountAsync("?to=2020-01-01T00:00:00Z")).ShouldBe((0, 0));
        (await ann.SendAsync("GET", "/api/events/anns/entries?sort=weather")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Entries_of_all_events_are_those_that_somebody_sees()
    {
        await AskAsync("anns/eve", "gpt-4o");
        await AskAsync("others/secret-canary", "gpt-4");

        (await ann.SendAsync("GET", "/api/entries")).Json.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("event").GetString().ShouldBe("anns");
        (await gateway.Api.SendAsync("GET", "/api/entries?operation=chatCompletions")).Json.GetProperty("total").GetInt64().ShouldBe(2);
        (await gateway.Api.SendAsync("GET", "/api/entries?operation=embeddings")).Json.GetProperty("total").GetInt64().ShouldBe(0);
        (await ann.SendAsync("GET", "/api/entries.csv")).Body.ShouldNotContain("canary");
        (await gateway.Api.SendAsync("GET", "/api/entries.csv?model=gpt-4")).Body.Split("\r\n").Length.ShouldBe(3);
        (await gateway.Api.SendAsync("GET", "/api/events/anns/entries.csv?exactness=estimated")).Body.Split("\r\n").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""", false)]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}""", true)]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}]}]}""", true)]
    public async Task Entry_says_how_much_of_its_reservation_is_stated_and_not_proven(string body, bool isStated)
    {
        (await gateway.Client.AskAsync(Asking.Chat, body, "anns/eve")).Status.ShouldBe(200);

        var entry = (await ann.SendAsync("GET", "/api/events/anns/entries")).Json.GetProperty("items")[0];

        var stated = entry.GetProperty("statedInput").GetInt64();
        (stated > 0).ShouldBe(isStated);
        entry.GetProperty("reservedInput").GetInt64().ShouldBeGreaterThan(stated);
        var lines = (await ann.SendAsync("GET", "/api/events/anns/entries.csv")).Body.Split("\r\n");
        lines[1].Split(',')[Array.IndexOf(lines[0].Split(','), "statedInput")].ShouldBe($"{stated}");
    }

    [Fact]
    public async Task Ledger_is_counted_again_for_administrators_while_requests_go_on()
    {
        var asking = Task.WhenAll(Enumerable.Range(0, 40).Select(i => AskAsync($"anns/user-{i}", "gpt-4o")));
        JsonElement found;
        do
        {
            found = (await gateway.Api.SendAsync("POST", "/api/ledger/verify")).Json;
            found.GetProperty("differences").GetArrayLength().ShouldBe(0, found.ToString());
        }
        while (!asking.IsCompleted);
        await asking;

        found = (await gateway.Api.SendAsync("POST", "/api/ledger/verify")).Json;

        (found.GetProperty("entries").GetInt64(), found.GetProperty("openReservations").GetInt64()).ShouldBe((40, 0));
        found.GetProperty("accounts").GetInt64().ShouldBeGreaterThanOrEqualTo(80);
        found.GetProperty("differences").GetArrayLength().ShouldBe(0, found.ToString());
        (await ann.SendAsync("POST", "/api/ledger/verify")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Entries_are_downloaded_as_a_table_that_no_spreadsheet_runs()
    {
        await AskAsync("anns/=1+1,\"x\"", "gpt-4o");

        var answer = await ann.SendAsync("GET", "/api/events/anns/entries.csv");

        answer.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8");
        answer.Headers["Content-Disposition"].ShouldBe("attachment; filename=\"anns-entries.csv\"");
        var lines = answer.Body.Split("\r\n");
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("id,request,event,attendee,attendeeName,model,");
        lines[1].ShouldContain(",\"'=1+1,\"\"x\"\"\",gpt-4o,chatCompletions,");
        lines[1].ShouldEndWith(",exact,complete");
    }

    private async Task<Answer> AskAsync(string credential, string model)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}""", credential);
        answer.Status.ShouldBe(200, answer.Body);
        return answer;
    }

    private async Task<long> RequestsAsync(string query) =>
        (await ann.SendAsync("GET", $"/api/events/anns/usage{query}")).Json.GetProperty("total").GetProperty("requests").GetInt64();

    private async Task<(int Items, long Total)> CountAsync(string query)
    {
        var list = (await ann.SendAsync("GET", $"/api/events/anns/entries{query}")).Json;
        return (list.GetProperty("items").GetArrayLength(), list.GetProperty("total").GetInt64());
    }
}
