using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>Refusals as organisers read them.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Refusals_are_a_table_with_the_total_below()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "Asia/Kolkata" });
        cli.Server.Add("refusals", new JsonObject { ["event"] = null, ["reason"] = "limit_requests_per_minute", ["from"] = null, ["count"] = 1_200 });
        cli.Server.Add("refusals", new JsonObject { ["event"] = null, ["reason"] = "event_full", ["from"] = null, ["count"] = 3 });

        (await cli.RunAsync("refusals", "hack")).ShouldBe(0, cli.Error);

        cli.Server.Requests[0].Path.ShouldBe("/api/events/hack/refusals");
        cli.Server.Requests[0].Query.ShouldBe("?page=1&pageSize=500&groupBy=reason");
        cli.Output.ShouldBe(
            """
            REASON                     REFUSALS
            limit_requests_per_minute     1,200
            event_full                        3
            Total                         1,203

            """);
        (await cli.RunAsync("refusals", "hack", "--csv")).ShouldBe(0, cli.Error);
        cli.Output.Replace("\r", "", StringComparison.Ordinal).ShouldBe("from,event,reason,count\n,,limit_requests_per_minute,1200\n,,event_full,3\n");
    }

    [Fact]
    public async Task Times_are_those_of_the_events_clock()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "Asia/Kolkata" });
        cli.Server.Add("refusals", new JsonObject { ["reason"] = "event_full", ["from"] = "2026-05-01T07:30:00Z", ["count"] = 3 });

        (await cli.RunAsync("refusals", "hack", "--per", "hour", "--reason", "event_full", "--to", "2026-06-01T00:00:00Z")).ShouldBe(0, cli.Error);

        cli.Server.Requests[0].Query.ShouldBe("?page=1&pageSize=500&groupBy=reason&interval=hour&reason=event_full&to=2026-06-01T00%3A00%3A00Z");
        var lines = cli.Output.Split('\n');
        lines[1].ShouldStartWith("2026-05-01 13:00 Asia/Kolkata  event_full");
        lines[2].ShouldStartWith("Total  ");
    }

    [Fact]
    public async Task By_time_alone_needs_no_reason()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "UTC" });

        (await cli.RunAsync("refusals", "hack", "--by", "day")).ShouldBe(0, cli.Error);

        cli.Server.Requests[0].Query.ShouldBe("?page=1&pageSize=500&interval=day");
        cli.Output.ShouldBe("None.\n");
        (await cli.RunAsync("refusals", "hack", "--by", "day", "--per", "hour")).ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task All_events_are_told_apart_and_what_is_of_none_is_shown_so()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("refusals", new JsonObject { ["event"] = "hack", ["count"] = 3 });
        cli.Server.Add("refusals", new JsonObject { ["event"] = "", ["count"] = 2 });

        (await cli.RunAsync("refusals")).ShouldBe(0, cli.Error);

        cli.Server.Requests[0].Path.ShouldBe("/api/refusals");
        cli.Output.Split('\n').Select(l => l.Split(' ')[0]).ShouldBe(["EVENT", "hack", "(none)", "Total", ""]);
    }

    [Fact]
    public async Task Every_page_is_in_the_sum()
    {
        await using var cli = await CliUnderTest.StartAsync();
        for (var i = 0; i < 1_001; i++)
            cli.Server.Add("refusals", new JsonObject { ["reason"] = $"r{i}", ["count"] = 2 });

        (await cli.RunAsync("refusals", "--by", "reason")).ShouldBe(0, cli.Error);

        cli.Output.ShouldContain("2,002");
        cli.Server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_attendee_shows_when_and_why_they_were_refused_last()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "Europe/Berlin" });
        cli.Server.Add("attendees", new JsonObject
        {
            ["id"] = 7,
            ["name"] = "ada",
            ["lastRefusal"] = new JsonObject { ["at"] = "2026-05-01T07:00:00Z", ["code"] = "event_paused", ["message"] = "Paused.\u001b[31m", ["request"] = "abc" },
        });

        (await cli.RunAsync("attendee", "show", "hack", "ada")).ShouldBe(0, cli.Error);

        foreach (var line in new[] { "Last refusal  2026-05-01 09:00 Europe/Berlin", "Refusal       event_paused", "Message       Paused.\uFFFD[31m", "Request id    abc" })
            cli.Output.ShouldContain(line);
    }

    [Theory]
    [InlineData("30", "30", "30 days")]
    [InlineData("0", "0", "0 days")]
    [InlineData("ever", "null", "for ever")]
    public async Task Entries_are_kept_for_days_or_for_ever(string said, string sent, string shown)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["retentionDays"] = 90 });

        (await cli.RunAsync("event", "edit", "hack", "--retention-days", said)).ShouldBe(0, cli.Error);

        cli.Server.Requests[^1].Body.ToJsonString().ShouldBe($$"""{"retentionDays":{{sent}}}""");
        cli.Output.ShouldContain($"Entries kept  {shown}\n");
    }

    [Theory]
    [InlineData("a month")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_number_of_days_is_wrong_usage(string said)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("event", "edit", "hack", $"--retention-days={said}")).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain("--retention-days");
        cli.Server.Requests.ShouldBeEmpty();
    }
}
