using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>What each request used, and whether it adds up.</summary>
public sealed class EntryTests : IAsyncLifetime
{
    private CliUnderTest cli = null!;

    public async ValueTask InitializeAsync()
    {
        cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", new JsonObject { ["code"] = "hack", ["timeZone"] = "Europe/Berlin" });
        cli.Server.Add("attendees", new JsonObject { ["id"] = 7, ["name"] = "ada" });
        cli.Server.Add("entries", new JsonObject { ["event"] = "hack", ["attendee"] = 7, ["attendeeName"] = "ada", ["model"] = "gpt-4o", ["cost"] = 610, ["exactness"] = "exact" });
        cli.Server.Add("entries", new JsonObject { ["event"] = "hack", ["attendee"] = 8, ["model"] = "gpt-4o", ["cost"] = 20, ["exactness"] = "exact" });
    }

    public ValueTask DisposeAsync() => cli.DisposeAsync();

    [Fact]
    public async Task Entries_are_a_table_in_which_who_was_removed_has_a_number()
    {
        (await cli.RunAsync("entries", "hack", "--exactness", "exact", "--operation", "chatCompletions", "--attendee", "ada", "--page-size", "1")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Output.ShouldContain("$0.00061");
        cli.Error.ShouldContain("1 of 2. More: --page 2, or --all");
        cli.Server.Requests[^1].Path.ShouldBe("/api/events/hack/entries");
        cli.Server.Requests[^1].Query.ShouldBe("?operation=chatCompletions&exactness=exact&attendee=7&pageSize=1");
        (await cli.RunAsync("entries", "--all")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Output.ShouldContain("EVENT");
        cli.Output.ShouldContain("hack   8");
    }

    [Fact]
    public async Task An_attendee_without_an_event_is_an_id()
    {
        (await cli.RunAsync("entries", "--attendee", "id:7")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests[^1].Query.ShouldBe("?attendee=7");
        (await cli.RunAsync("entries", "--attendee", "ada")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("Name the event");
        (await cli.RunAsync("entries", "hack", "--attendee", "nobody")).ShouldBe(ExitCode.Refused);
        (await cli.RunAsync("entries", "--outcome", "weather")).ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task All_of_them_go_to_a_new_file_or_to_standard_output()
    {
        cli.Server.CsvAnswer = "id,request\r\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},ä\r\n"));

        (await cli.RunAsync("entries", "hack", "--csv", "all.csv", "--model", "gpt-4o")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests[^1].Path.ShouldBe("/api/events/hack/entries.csv");
        cli.Server.Requests[^1].Query.ShouldBe("?model=gpt-4o");
        cli.Read("all.csv").ShouldBe(cli.Server.CsvAnswer);
        (await cli.RunAsync("entries", "--csv", "all.csv")).ShouldBe(ExitCode.WrongUsage);
        cli.Read("all.csv").ShouldBe(cli.Server.CsvAnswer);
        (await cli.RunAsync("entries", "--csv", "-")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Output.ShouldBe(cli.Server.CsvAnswer);
    }

    [Fact]
    public async Task Half_a_download_is_no_file()
    {
        cli.Server.BreaksOff = true;
        // More than lies in the buffers between: the client has begun to read when the server has written it all.
        cli.Server.CsvAnswer = new string('x', 32 * 1024 * 1024);

        (await cli.RunAsync("entries", "hack", "--csv", "half.csv")).ShouldBe(ExitCode.Unreachable);

        cli.Error.ShouldContain("broke off");
        File.Exists(Path.Combine(cli.Directory, "half.csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task Differences_of_the_ledger_are_told_with_an_exit_code_of_their_own()
    {
        (await cli.RunAsync("ledger", "verify")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Output.ShouldContain("All is well: 3 entries, 2 totals, 4 accounts, 1 requests on their way.");
        cli.Server.FindingsAnswer["differences"] = new JsonArray("One is wrong.", "Another\u001b[2J, too.");

        (await cli.RunAsync("ledger", "verify")).ShouldBe(ExitCode.Differs);

        cli.Output.ShouldContain("One is wrong.\nAnother\uFFFD[2J, too.");
        (await cli.RunAsync("ledger", "verify", "--json")).ShouldBe(ExitCode.Differs);
        JsonNode.Parse(cli.Output)!["differences"]!.AsArray().Count.ShouldBe(2);
    }
}
