using System.Text.Json;
using OpenAIProxy.Storage.Offline;

namespace OpenAIProxy.Portal.Tests;

/// <summary>For how long it is known of each request what it used: set with the event, and kept to by the server by itself.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public RetentionTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Retention_is_part_of_an_event_and_null_is_for_ever()
    {
        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "retentionDays": 30"""));
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("autumn"))).Json.GetProperty("retentionDays").ValueKind.ShouldBe(JsonValueKind.Null);

        made.Json.GetProperty("retentionDays").GetInt32().ShouldBe(30);
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"retentionDays": 0}""", "*")).Json.GetProperty("retentionDays").GetInt32().ShouldBe(0);
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"name": "Spring"}""", "*")).Json.GetProperty("retentionDays").GetInt32().ShouldBe(0);
        (await gateway.Api.SendAsync("POST", "/api/events/spring/copy", """{"code": "copy"}""")).Json.GetProperty("retentionDays").GetInt32().ShouldBe(0);
        (await gateway.Api.SendAsync("PATCH", "/api/events/spring", """{"retentionDays": null}""", "*")).Json.GetProperty("retentionDays").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var wrong in new[] { "-1", "3651" })
            (await gateway.Api.SendAsync("PATCH", "/api/events/spring", $$"""{"retentionDays": {{wrong}}}""", "*")).Json
                .GetProperty("errors").GetProperty("retentionDays")[0].GetString()!.ShouldContain("3650");
        foreach (var wrong in new[] { "1.5", "\"a month\"", "1e99", "true" })
            (await gateway.Api.SendAsync("PATCH", "/api/events/spring", $$"""{"retentionDays": {{wrong}}}""", "*")).Status.ShouldBe(400, wrong);
        (await gateway.Api.SendAsync("GET", "/api/audit?event=spring")).Body.ShouldContain("retentionDays");
    }

    [Fact]
    public async Task Retention_goes_out_and_in_with_the_document()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "retentionDays": 30"""));
        var document = (await gateway.Api.SendAsync("GET", "/api/configuration")).Json;
        document = document.TryGetProperty("document", out var inner) ? inner : document;
        document.GetRawText().ShouldContain("\"retentionDays\":30");

        var same = await gateway.Api.SendAsync("POST", "/api/configuration", $$"""{"document": {{document.GetRawText()}}, "dryRun": true}""");
        var changed = await gateway.Api.SendAsync(
            "POST", "/api/configuration", $$"""{"document": {{document.GetRawText().Replace("\"retentionDays\":30", "\"retentionDays\":7", StringComparison.Ordinal)}}}""");

        same.Json.GetProperty("changes").GetArrayLength().ShouldBe(0);
        changed.Status.ShouldBe(200, changed.Body);
        (await gateway.Api.SendAsync("GET", "/api/events/spring")).Json.GetProperty("retentionDays").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Entries_go_by_themselves_every_hour_and_reports_and_limits_stay()
    {
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event(
            "spring", """, "retentionDays": 1, "limits": [{"scope": "attendee", "unit": "requests", "window": "event", "cap": 2}]"""))).Status.ShouldBe(201);
        await AskAsync(200);
        await AskAsync(200);
        var usage = await UsageAsync();
        (await EntriesAsync()).ShouldBe(2);

        for (var hour = 0; hour < 26; hour++)
            time.Advance(TimeSpan.FromHours(1));

        await gateway.Log.UntilAsync(l => l.Contains("entries of the event spring were purged", StringComparison.Ordinal));
        (await EntriesAsync()).ShouldBe(0);
        (await gateway.Api.SendAsync("GET", "/api/events/spring/entries.csv")).Body.Split("\r\n").Length.ShouldBe(2);
        (await UsageAsync()).ShouldBe(usage);
        await AskAsync(403);
        (await Verification.RunAsync(new() { DataDirectory = gateway.DataDirectory }, time, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_starts_purges_what_has_become_too_old_meanwhile()
    {
        using var directory = new TempDirectory();
        Server.Settings.ServerSettings InThere(Server.Settings.ServerSettings settings) =>
            settings with { Storage = settings.Storage with { DataDirectory = Path.Combine(directory.Path, "data") } };
        await using (var before = await new GatewayUnderTest { Time = time, Settings = InThere }.StartAsync())
        {
            await before.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "retentionDays": 1"""));
            (await before.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/eve")).Status.ShouldBe(200);
        }

        await using var after = await new GatewayUnderTest { Time = new ManualTime(time.GetUtcNow().AddDays(2)), Settings = InThere }.StartAsync();

        (await after.Log.UntilAsync(l => l.Contains("were purged", StringComparison.Ordinal))).ShouldHaveSingleItem().ShouldContain("1 entries of the event spring");
    }

    private async Task AskAsync(int status)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "spring/eve");
        answer.Status.ShouldBe(status, answer.Body);
    }

    private async Task<long> EntriesAsync() => (await gateway.Api.SendAsync("GET", "/api/events/spring/entries")).Json.GetProperty("total").GetInt64();

    private async Task<string> UsageAsync()
    {
        var answers = new List<string>();
        foreach (var by in new[] { "event", "attendee", "model", "operation", "hour", "day" })
            answers.Add((await gateway.Api.SendAsync("GET", $"/api/events/spring/usage?groupBy={by}")).Body);
        return string.Join('\n', answers);
    }
}
