using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_refusal_names_each_field()
    {
        await using var cli = await Examples.WithBackendAsync();

        (await cli.RunAsync("event", "create", "hack", "--name", "")).ShouldBe(ExitCode.Refused);
        cli.Error.ShouldContain("name: A name is needed.");
    }

    [Fact]
    public async Task With_json_a_refusal_is_the_problem_document()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("event", "show", "nowhere", "--json")).ShouldBe(ExitCode.Refused);
        JsonNode.Parse(cli.Error)!["status"]!.GetValue<int>().ShouldBe(404);
        cli.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("event", "show")]
    [InlineData("event", "list", "--state", "nonsense")]
    [InlineData("no-such-command")]
    [InlineData("event", "extend", "hack", "--by", "2 days")]
    [InlineData("event", "edit", "hack")]
    [InlineData("model", "show", "..")]
    [InlineData("apply", "missing.yaml")]
    public async Task Wrong_usage_is_two(params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync(args)).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("--output-cap takes a whole number, and 'lots' is none.", "event", "edit", "hack", "--output-cap", "lots")]
    [InlineData("<NAME> is missing: ", "token", "create", "--role", "organiser")]
    [InlineData("<LIMIT> is missing: ", "limit", "remove", "hack")]
    [InlineData("--from 'yesterday' is neither a time, such as 2026-05-01T09:00, nor a duration: ", "usage", "--from", "yesterday")]
    [InlineData("--page takes a whole number, and '2.5' is none.", "event", "list", "--page", "2.5")]
    public async Task Wrong_usage_is_told_in_words_for_people(string words, params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync(args)).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldStartWith(words);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_three_and_says_what_to_check()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("whoami", "--admin-url", "http://127.0.0.1:1")).ShouldBe(ExitCode.Unreachable);
        cli.Error.ShouldContain("Is the server running?");
    }

    [Fact]
    public async Task The_address_that_clients_call_is_told_from_the_admin_address()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Elsewhere = new() { ["error"] = new JsonObject { ["message"] = "There is nothing at this path.", ["code"] = "not_found" } };

        (await cli.RunAsync("whoami")).ShouldBe(ExitCode.Refused);

        cli.Error.ShouldContain("Check that --admin-url (or OPENAIPROXY_ADMIN_URL) is the admin address, not the one that clients call.");
    }

    [Fact]
    public async Task A_wrong_token_is_four_and_is_not_repeated()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["OPENAIPROXY_ADMIN_TOKEN"] = "aopt_canary";

        (await cli.RunAsync("whoami")).ShouldBe(ExitCode.NotAllowed);
        cli.Error.ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_token_is_found_in_the_data_directory()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables.Remove("OPENAIPROXY_ADMIN_TOKEN");

        (await cli.RunAsync("whoami")).ShouldBe(ExitCode.NotAllowed);
        Directory.CreateDirectory(Path.Combine(cli.Directory, "data"));
        cli.Write("data/admin-token", AdminServer.Token + "\n");
        (await cli.RunAsync("whoami")).ShouldBe(ExitCode.Ok);
    }

    [Theory]
    [InlineData("event", "edit", "hack", "--name", "Mine")]
    [InlineData("event", "delete", "hack", "--yes")]
    public async Task What_somebody_changed_meanwhile_is_five_and_not_overwritten(params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();
        var hack = cli.Server.Add("events", Examples.Event("hack"));
        cli.Server.BeforeChange = () =>
        {
            hack["name"] = "Theirs";
            cli.Server.Touch(hack);
        };

        (await cli.RunAsync(args)).ShouldBe(ExitCode.Conflict);
        cli.Error.ShouldContain("openai-proxy event show hack");
        cli.Server.Things["events"].Single()["name"]!.ToString().ShouldBe("Theirs");
    }

    [Fact]
    public async Task An_etag_seen_earlier_guards_the_change()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var hack = cli.Server.Add("events", Examples.Event("hack"));
        var etag = hack["etag"]!.ToString();

        (await cli.RunAsync("event", "edit", "hack", "--name", "One", "--etag", etag)).ShouldBe(ExitCode.Ok, cli.Error);
        (await cli.RunAsync("event", "edit", "hack", "--name", "Two", "--etag", etag)).ShouldBe(ExitCode.Conflict);
    }
}
