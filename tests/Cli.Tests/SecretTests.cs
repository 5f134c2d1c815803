using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

public sealed class SecretTests
{
    [Theory]
    [InlineData("backend", "add", "azure", "--endpoint", "https://x", "--key", "canary-secret")]
    [InlineData("backend", "edit", "azure", "--key", "canary-secret")]
    [InlineData("backend", "edit", "azure", "--client-secret", "canary-secret")]
    [InlineData("event", "create", "hack", "--shared-secret", "canary-secret")]
    [InlineData("event", "secret", "set", "hack", "--secret", "canary-secret")]
    [InlineData("whoami", "--token", "canary-secret")]
    public async Task A_secret_in_clear_is_refused_and_not_repeated(params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync(args)).ShouldBe(ExitCode.WrongUsage);
        (cli.Output + cli.Error).ShouldNotContain("canary-secret");
        cli.Server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("env:AZURE_KEY")]
    [InlineData("file:key.txt")]
    [InlineData("-")]
    public async Task A_secret_comes_from_where_it_is_kept_and_goes_to_the_server_alone(string reference)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["AZURE_KEY"] = "canary-secret";
        cli.Write("key.txt", "canary-secret\n");
        cli.Piped = "canary-secret\n";

        (await cli.RunAsync("backend", "add", "azure", "--endpoint", "https://x", "--key", reference)).ShouldBe(0, cli.Error);

        cli.Server.Requests.Single().Body["apiKey"]!.ToString().ShouldBe("canary-secret");
        (cli.Output + cli.Error).ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_named()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("backend", "add", "azure", "--endpoint", "https://x", "--key", "env:NOWHERE")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("NOWHERE");
    }

    [Fact]
    public async Task A_key_is_printed_alone_so_that_a_script_can_take_it()
    {
        await using var cli = await CliUnderTest.StartAsync();

        await cli.RunAsync("key", "issue", "hack", "@ada");

        cli.Output.Trim().ShouldBe(AdminServer.NewKey);
        cli.Server.Requests.Single().Body["user"]!.ToString().ShouldBe("@ada");
    }

    [Fact]
    public async Task Many_keys_go_to_a_file_for_its_owner_alone()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.csv", "team,email\nred,\"ada, countess\"\nblue,alan\nblue,alan\n");

        (await cli.RunAsync("key", "import", "hack", "people.csv")).ShouldBe(0, cli.Error);

        cli.Read("people.keys.csv").ShouldBe($"name,key\n\"ada, countess\",{AdminServer.NewKey}-hack-0\nalan,{AdminServer.NewKey}-hack-1\n");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(cli.Directory, "people.keys.csv")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (cli.Output + cli.Error).ShouldNotContain("canary");
    }

    [Theory]
    [InlineData("team;email\r\nred;\"ada, countess\"\r\nblue;alan\r\n")]
    [InlineData("team\temail\nred\tada, countess\nblue\talan\n")]
    public async Task Names_are_found_in_the_files_of_spreadsheets_that_part_cells_by_semicolons_or_tabs(string file)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.csv", file);

        (await cli.RunAsync("key", "import", "hack", "people.csv")).ShouldBe(0, cli.Error);

        cli.Server.Requests.Single().Body["users"]!.ToJsonString().ShouldBe("""["ada, countess","alan"]""");
    }

    [Fact]
    public async Task More_keys_than_the_server_makes_at_a_time_are_made_in_batches_and_a_terminal_shows_how_far_it_is()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.txt", string.Join('\n', Enumerable.Range(0, 12_000).Select(i => $"person-{i}")));
        cli.Typed = "";

        (await cli.RunAsync("key", "import", "hack", "people.txt")).ShouldBe(0, cli.Error);

        cli.Server.Requests.Select(r => r.Body["users"]!.AsArray().Count).ShouldBe([5_000, 5_000, 2_000]);
        cli.Read("people.keys.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(12_001);
        cli.Error.ShouldContain("\rMaking keys: 5,000 of 12,000");
    }

    [Fact]
    public async Task Keys_whose_answer_was_lost_are_not_said_to_be_none()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.txt", string.Join('\n', Enumerable.Range(0, 12_000).Select(i => $"person-{i}")));
        cli.Server.BatchesTold = 1;

        (await cli.RunAsync("key", "import", "hack", "people.txt")).ShouldBe(ExitCode.Unreachable);

        cli.Read("people.keys.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5_001);
        cli.Error.ShouldContain("5,000 keys are made and written. Those from 'person-5000' to 'person-9999' may be made too, and nobody has them: openai-proxy key list hack shows it.");
        cli.Error.ShouldNotContain("none from");
    }

    [Fact]
    public async Task Names_that_a_spreadsheet_would_run_are_written_inert()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.txt", "=1+1\nada\n");

        (await cli.RunAsync("key", "import", "hack", "people.txt")).ShouldBe(0, cli.Error);

        cli.Read("people.keys.csv").ShouldBe($"name,key\n'=1+1,{AdminServer.NewKey}-hack-0\nada,{AdminServer.NewKey}-hack-1\n");
    }

    [Fact]
    public async Task Keys_are_not_made_where_they_cannot_be_written()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("people.txt", "ada\nalan\n");
        cli.Write("people.keys.csv", "precious");

        (await cli.RunAsync("key", "import", "hack", "people.txt")).ShouldBe(ExitCode.WrongUsage);

        cli.Server.Requests.ShouldBeEmpty();
        cli.Read("people.keys.csv").ShouldBe("precious");
    }

    [Fact]
    public async Task A_test_of_a_backend_says_in_words_what_is_wrong()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("backend", "test", "azure")).ShouldBe(0);
        cli.Server.TestAnswer = new JsonObject { ["ok"] = false, ["step"] = "key", ["message"] = "It does not accept the key." };
        (await cli.RunAsync("backend", "test", "azure")).ShouldBe(ExitCode.Refused);
        cli.Output.ShouldContain("azure does not answer (key): It does not accept the key.");
    }
}
