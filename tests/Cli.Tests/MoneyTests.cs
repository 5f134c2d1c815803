using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>Limits, prices and usage: people read and write dollars, the server counts micro-dollars.</summary>
public sealed class MoneyTests
{
    [Fact]
    public async Task Money_is_sent_in_micro_dollars()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("limit", "add", "hack", "$12.50", "--unit", "money")).ShouldBe(0, cli.Error);
        cli.Server.Requests[^1].Body.ToJsonString().ShouldBe("""{"scope":"attendee","unit":"money","window":"day","cap":12500000}""");
        cli.Output.ShouldContain("$12.50");
        (await cli.RunAsync("price", "set", "gpt-4o", "--input", "0.075", "--output", "10", "--source", "list")).ShouldBe(0, cli.Error);
        cli.Server.Requests[^1].Body.ToJsonString().ShouldBe("""{"input":75000,"output":10000000,"asOf":"2026-05-01","source":"list"}""");
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("1,000,000")]
    public async Task A_cap_may_be_written_as_it_is_shown(string cap)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("limit", "add", "hack", cap, "--unit", "totalTokens")).ShouldBe(0, cli.Error);

        cli.Server.Requests[^1].Body["cap"]!.GetValue<long>().ShouldBe(1_000_000);
    }

    [Fact]
    public async Task An_attendee_is_shown_with_the_caps_that_were_raised_for_them()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "Europe/Berlin" });
        var raised = new JsonObject { ["limit"] = 4, ["scope"] = "attendee", ["unit"] = "money", ["window"] = "day", ["usualCap"] = 2_500_000, ["cap"] = 30_000_000 };
        cli.Server.Add("attendees", new JsonObject { ["id"] = 7, ["name"] = "ada", ["raisedCaps"] = new JsonArray(raised) });

        (await cli.RunAsync("attendee", "show", "hack", "ada")).ShouldBe(0, cli.Error);

        cli.Output.ShouldContain("Raised caps  4 (attendee, money, day): $30.00 instead of $2.50");
    }

    [Theory]
    [InlineData("12,50", "money")]
    [InlineData("0.0000001", "money")]
    [InlineData("99999999999999", "money")]
    [InlineData("-1", "requests")]
    [InlineData("1.5", "requests")]
    [InlineData("1,5", "requests")]
    [InlineData("12,50", "totalTokens")]
    [InlineData("1,0000", "requests")]
    public async Task A_cap_that_is_none_is_wrong_usage(string cap, string unit)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("limit", "add", "hack", cap, "--unit", unit)).ShouldBe(ExitCode.WrongUsage);

        cli.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Usage_is_a_table_with_the_total_below()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.UsageAnswer = new JsonObject
        {
            ["total"] = new JsonObject { ["requests"] = 3, ["cost"] = 1_250_000 },
            ["groups"] = new JsonArray(
                new JsonObject { ["key"] = "7", ["name"] = "=ada", ["requests"] = 2, ["cost"] = 1_000_000 },
                new JsonObject { ["key"] = "8", ["requests"] = 1, ["cost"] = 250_000 }),
        };

        (await cli.RunAsync("usage", "hack")).ShouldBe(0, cli.Error);
        var lines = cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("ATTENDEE  REQUESTS");
        lines[1].ShouldContain("$1.00");
        lines[3].ShouldStartWith("Total");
        lines[3].ShouldContain("$1.25");

        (await cli.RunAsync("usage", "hack", "--csv")).ShouldBe(0, cli.Error);
        cli.Output.ShouldContain("7,'=ada,2,,,,,1000000,,");
    }
}
