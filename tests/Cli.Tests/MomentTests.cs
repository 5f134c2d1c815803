namespace OpenAIProxy.Cli.Tests;

/// <summary>Times and durations as people type them. It is nine o'clock and half a minute in Berlin.</summary>
public sealed class MomentTests : IAsyncLifetime
{
    private CliUnderTest cli = null!;

    public async ValueTask InitializeAsync()
    {
        cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"));
    }

    public ValueTask DisposeAsync() => cli.DisposeAsync();

    [Theory]
    [InlineData("entries hack", "--from", "from")]
    [InlineData("entries hack --csv -", "--to", "to")]
    [InlineData("usage", "--from", "from")]
    [InlineData("refusals hack", "--to", "to")]
    [InlineData("audit", "--since", "since")]
    public async Task Duration_in_a_list_is_so_long_ago(string line, string option, string parameter)
    {
        (await cli.RunAsync([.. line.Split(' '), option, "2h"])).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests.ShouldContain(r => r.Query.Contains($"{parameter}=2026-05-01T05%3A00%3A30Z", StringComparison.Ordinal));

        (await cli.RunAsync([.. line.Split(' '), option, "2026-04-30T09:00"])).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests.ShouldContain(r => r.Query.Contains($"{parameter}=2026-04-30T07%3A00%3A00Z", StringComparison.Ordinal));

        (await cli.RunAsync([.. line.Split(' '), option, "soon"])).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain($"{option} 'soon'");
    }

    [Fact]
    public async Task All_pages_of_a_list_are_of_one_time_however_long_they_take()
    {
        for (var i = 0; i < 501; i++)
            cli.Server.Add("audit", new() { ["id"] = i });
        cli.BetweenLooks = TimeSpan.FromSeconds(1);

        (await cli.RunAsync("audit", "--until", "2h", "--all", "--json")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Server.Requests.Count.ShouldBe(2);
        cli.Server.Requests.ShouldAllBe(r => r.Query.Contains("until=2026-05-01T05%3A00%3A30Z", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-05-01T09:00-05:00", "2026-05-01T14:00:00Z")]
    [InlineData("2026-05-01T09:00+05:30", "2026-05-01T03:30:00Z")]
    [InlineData("2026-05-01T09:00Z", "2026-05-01T09:00:00Z")]
    [InlineData("2026-05-01T09:30", "2026-05-01T00:30:00Z")]
    [InlineData("2026-05-02", "2026-05-01T15:00:00Z")]
    [InlineData("2w", "2026-05-15T07:00:30Z")]
    public async Task Key_expires_after_a_duration_or_at_a_time_with_any_offset(string typed, string expires)
    {
        (await cli.RunAsync("key", "issue", "hack", "ada", "--expires", typed)).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Server.Requests[^1].Body["expires"]!.ToString().ShouldBe(expires);
    }

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-30T12:00")]
    public async Task Event_that_begins_when_the_calendar_ends_is_refused(string start)
    {
        (await cli.RunAsync("event", "create", "late", "--start", start)).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain($"--start '{start[..10]}T");
        cli.Error.ShouldContain("is too late");
    }

    [Fact]
    public async Task All_units_of_a_duration_are_named()
    {
        foreach (var unit in "smhdw")
            (await cli.RunAsync("event", "extend", "hack", "--by", $"30{unit}")).ShouldBe(ExitCode.Ok, cli.Error);

        (await cli.RunAsync("event", "extend", "hack", "--by", "3y")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("s, m, h, d or w");
    }
}
