using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>A command that names an attendee means that one and nobody else.</summary>
public sealed class AttendeeTests : IAsyncLifetime
{
    private CliUnderTest cli = null!;

    public async ValueTask InitializeAsync()
    {
        cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"));
    }

    public ValueTask DisposeAsync() => cli.DisposeAsync();

    [Theory]
    [InlineData("attendee remove hack 42 --yes")]
    [InlineData("attendee block hack 42")]
    [InlineData("attendee show hack 42")]
    [InlineData("attendee cap hack 42 4 default")]
    public async Task Number_is_a_name_and_not_somebody_elses_id(string line)
    {
        Add(42, "ada");
        cli.Server.Add("limits", new JsonObject { ["id"] = 4, ["scope"] = "attendee", ["unit"] = "requests", ["window"] = "day", ["cap"] = 1 });

        (await cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Refused, cli.Output);

        cli.Error.ShouldContain("Nobody in hack is called '42'");
        cli.Error.ShouldContain("id:42");
        cli.Server.Requests.ShouldAllBe(r => r.Method == "GET");
    }

    [Fact]
    public async Task Id_is_written_as_one()
    {
        Add(42, "ada");

        (await cli.RunAsync("attendee", "remove", "hack", "id:42", "--yes")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Server.Requests[^1].Path.ShouldBe("/api/events/hack/attendees/42");
        cli.Output.ShouldContain("ada (id 42) is removed.");
    }

    [Fact]
    public async Task Name_is_found_however_many_others_contain_it()
    {
        foreach (var number in Enumerable.Range(1, 600))
            Add(number, $"ada {number}");
        Add(601, "ada");

        (await cli.RunAsync("attendee", "block", "hack", "ada")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Server.Requests[^1].Path.ShouldBe("/api/events/hack/attendees/601/block");
        cli.Output.ShouldContain("ada (id 601) is blocked.");
    }

    [Fact]
    public async Task Question_and_answer_say_whom_the_server_found()
    {
        Add(7, "5e1f", "ada");
        cli.Typed = "y\n";

        (await cli.RunAsync("attendee", "remove", "hack", "ada")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Error.ShouldContain("Remove 5e1f (id 7) from event hack with 2 keys?");
        cli.Output.ShouldContain("5e1f (id 7) is removed.");
        Add(8, "alan");
        var removed = await cli.JsonAsync("attendee", "remove", "hack", "alan", "--yes");
        removed.ToJsonString().ShouldBe("""{"removed":"alan","id":8}""");
    }

    [Fact]
    public async Task Keys_and_entries_are_listed_by_the_same_name_or_id()
    {
        Add(7, "ada");

        (await cli.RunAsync("key", "list", "hack", "--attendee", "ada")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests.Single(r => r.Path.EndsWith("/keys", StringComparison.Ordinal)).Query.ShouldBe("?attendee=7");
        (await cli.RunAsync("entries", "hack", "--attendee", "id:8")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests[^1].Query.ShouldBe("?attendee=8");
        (await cli.RunAsync("entries", "hack", "--attendee", "8")).ShouldBe(ExitCode.Refused);
        cli.Error.ShouldContain("Nobody in hack is called '8'");
    }

    // The user is who they say they are; an event may know them by another name.
    private void Add(long id, string name, string? user = null) =>
        cli.Server.Add("attendees", new JsonObject { ["id"] = id, ["name"] = name, ["user"] = user ?? name, ["keyCount"] = 2 });
}
