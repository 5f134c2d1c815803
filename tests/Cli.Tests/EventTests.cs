using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

public sealed class EventTests
{
    private static readonly (string Step, string State)[] Steps = [("pause", "paused"), ("resume", "open"), ("close", "closed"), ("open", "open")];

    [Fact]
    public async Task A_code_is_enough_for_an_event()
    {
        await using var cli = await Examples.WithBackendAsync();

        (await cli.RunAsync("event", "create", "hack", "--open")).ShouldBe(0, cli.Error);

        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        sent["name"]!.ToString().ShouldBe("hack");
        sent["state"]!.ToString().ShouldBe("open");
        sent["start"]!.ToString().ShouldBe("2026-05-01T09:00");
        sent["end"]!.ToString().ShouldBe("2026-05-08T09:00");
        sent["timeZone"]!.ToString().ShouldBe("Europe/Berlin");
        sent["models"]!.ToJsonString().ShouldBe("""["gpt-4o","gpt-4o-mini","text-embedding-3-small"]""");
        sent["defaults"]!.ToJsonString().ShouldBe("""{"chatCompletions":"gpt-4o","embeddings":"text-embedding-3-small"}""");
        cli.Error.ShouldContain("openai-event-code: hack/");
    }

    [Theory]
    [InlineData("2025-05-01T09:00", "2025-05-03T18:00", "Its end has passed and nobody gets in: openai-proxy event extend hack --end TIME")]
    [InlineData("2026-06-01T09:00", "2026-06-03T18:00", "It lets people in from ")]
    public async Task Whoever_opens_an_event_that_lets_nobody_in_yet_or_any_more_is_told(string start, string end, string told)
    {
        await using var cli = await Examples.WithBackendAsync();

        (await cli.RunAsync("event", "create", "hack", "--start", start, "--end", end, "--open")).ShouldBe(0, cli.Error);

        cli.Error.ShouldContain(told);
    }

    [Fact]
    public async Task The_first_model_named_is_the_default()
    {
        await using var cli = await Examples.WithBackendAsync();

        await cli.RunAsync("event", "create", "hack", "--models", "gpt-4o-mini,gpt-4o", "--for", "3d");

        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        sent["defaults"]!["chatCompletions"]!.ToString().ShouldBe("gpt-4o-mini");
        sent["end"]!.ToString().ShouldBe("2026-05-04T09:00");
        sent["state"]!.ToString().ShouldBe("draft");
    }

    [Theory]
    [InlineData("gpt-4o-mini", """{"chatCompletions":"gpt-4o-mini","embeddings":null}""")]
    [InlineData("gpt-4o-mini,gpt-4o,text-embedding-3-small", null)]
    [InlineData("gpt-4o,gpt-4o-mini,text-embedding-3-small", """{"chatCompletions":"gpt-4o-mini"}""", "--default-chat", "gpt-4o-mini")]
    public async Task Models_that_change_take_the_defaults_along_that_are_not_among_them(string models, string? sent, params string[] more)
    {
        await using var cli = await Examples.WithBackendAsync();
        await cli.RunAsync("event", "create", "hack");

        (await cli.RunAsync(["event", "edit", "hack", "--models", models, .. more])).ShouldBe(0, cli.Error);

        (cli.Server.Requests.Last(r => r.Method == "PATCH").Body["defaults"]?.ToJsonString()).ShouldBe(sent);
    }

    [Fact]
    public async Task Who_sits_at_a_terminal_is_asked_for_what_is_missing()
    {
        await using var cli = await Examples.WithBackendAsync();
        cli.Typed = "hack\nHack day\n\ntomorrow\n2026-06-01 10:00\ngpt-4o\nAda\n";

        (await cli.RunAsync("event", "create", "--for", "1d")).ShouldBe(0, cli.Error);

        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        (sent["code"] + " " + sent["name"] + " " + sent["start"] + " " + sent["end"]).ShouldBe("hack Hack day 2026-06-01T10:00 2026-06-02T10:00");
        sent["models"]!.ToJsonString().ShouldBe("""["gpt-4o"]""");
        sent["organiser"]!["name"]!.ToString().ShouldBe("Ada");
        cli.Error.ShouldContain("'tomorrow' is no time");
    }

    [Fact]
    public async Task An_event_has_only_models_that_somebody_answers_for()
    {
        await using var cli = await Examples.WithBackendAsync();
        cli.Server.Things["deployments"].RemoveAll(d => d["model"]!.ToString() == "gpt-4o");

        (await cli.RunAsync("event", "create", "hack")).ShouldBe(0, cli.Error);

        // An organiser may not see them, and the models say how many they have.
        cli.Server.Requests.ShouldNotContain(r => r.Method == "GET" && r.Path == "/api/deployments");
        cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body["models"]!.ToJsonString().ShouldBe("""["gpt-4o-mini","text-embedding-3-small"]""");
    }

    [Fact]
    public async Task An_answer_that_would_be_refused_is_asked_for_again_at_once()
    {
        await using var cli = await Examples.WithBackendAsync();
        cli.Typed = "\n\n2026-06-01 10:00\n2026-06-01T10:00\n2026-06-02T10:00\ngpt-9\ngpt-4o\n\n";

        (await cli.RunAsync("event", "create", "hack")).ShouldBe(0, cli.Error);

        cli.Error.ShouldContain("--end '2026-06-01T10:00' is not after the start.");
        cli.Error.ShouldContain("There is no model 'gpt-9'");
        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        (sent["end"] + " " + sent["models"]!.ToJsonString()).ShouldBe("""2026-06-02T10:00 ["gpt-4o"]""");
    }

    [Fact]
    public async Task An_alias_is_asked_for_again_and_names_are_taken_in_any_case()
    {
        await using var cli = await Examples.WithBackendAsync();
        cli.Server.Things["models"].Single(m => m["name"]!.ToString() == "gpt-4o")["aliases"] = new JsonArray("omni");
        cli.Typed = "\n\n\n\nOmni\nGPT-4o\n\n";

        (await cli.RunAsync("event", "create", "hack")).ShouldBe(0, cli.Error);

        cli.Error.ShouldContain("'Omni': it is an alias of gpt-4o, and an event takes names.");
        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        sent["defaults"]!["chatCompletions"]!.ToString().ShouldBe("GPT-4o");
    }

    [Fact]
    public async Task Nobody_is_asked_for_an_event_that_cannot_be_made()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Typed = "hack\n";

        (await cli.RunAsync("event", "create", "--admin-url", "http://127.0.0.1:1")).ShouldBe(ExitCode.Unreachable);

        cli.Error.ShouldNotContain("Code that attendees type");
    }

    [Fact]
    public async Task Without_a_terminal_nobody_is_asked()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("event", "create")).ShouldBe(ExitCode.WrongUsage);
        (await cli.RunAsync("event", "create", "hack")).ShouldBe(ExitCode.Refused);
        cli.Error.ShouldContain("backend add");
    }

    [Fact]
    public async Task A_list_shows_times_where_the_event_is_and_numbers_to_the_right()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"));
        cli.Server.Add("events", Examples.Event("hack-2"))["attendeeCount"] = 7;

        await cli.RunAsync("event", "list");

        var lines = cli.Output.Split('\n');
        lines[1].ShouldContain("2026-05-01 09:00 Asia/Tokyo");
        lines[1].IndexOf("1,234", StringComparison.Ordinal).ShouldBe(lines[2].IndexOf("    7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_is_no_wider_than_the_terminal_and_lets_nothing_steer_it()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"))["name"] = "\u001b[2J" + new string('長', 80);
        cli.Width = 100;

        await cli.RunAsync("event", "list");

        cli.Output.Split('\n').ShouldAllBe(line => Terminals.Cells.Width(line) <= 100);
        cli.Output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task A_usual_terminal_shows_codes_times_and_numbers_whole()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hackathon"));
        cli.Width = 80;

        await cli.RunAsync("event", "list");

        cli.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        cli.Output.Split('\n')[1].ShouldMatch(@"^hackathon  .*  2026-05-01 09:00.*  2026-05-02 18:00.*  1,234  ada$");
    }

    [Fact]
    public async Task What_no_terminal_is_wide_enough_for_is_wrapped_and_not_cut()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("summer-school"));
        cli.Width = 40;

        await cli.RunAsync("event", "list");

        cli.Output.ShouldNotContain('…');
        cli.Output.ShouldContain("2026-05-02 18:00 Asia/Tokyo");
    }

    [Fact]
    public async Task All_pages_make_one_list()
    {
        await using var cli = await CliUnderTest.StartAsync();
        for (var i = 0; i < 1_201; i++)
            cli.Server.Add("events", Examples.Event($"hack-{i}"));

        (await cli.JsonAsync("event", "list", "--all"))["items"]!.AsArray().Count.ShouldBe(1_201);
        await cli.RunAsync("event", "list");
        cli.Error.ShouldContain("50 of 1,201");
    }

    [Fact]
    public async Task An_event_is_led_through_its_life()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var hack = cli.Server.Add("events", Examples.Event("hack"));

        foreach (var (step, state) in Steps)
        {
            (await cli.RunAsync(step == "close" ? ["event", step, "hack", "--yes"] : ["event", step, "hack"])).ShouldBe(0, cli.Error);
            hack["state"]!.ToString().ShouldBe(state);
        }
        (await cli.RunAsync("event", "extend", "hack", "--by", "2h")).ShouldBe(0);
        cli.Output.ShouldContain("2026-05-02 18:00 Asia/Tokyo");
    }

    [Fact]
    public async Task Json_is_what_the_server_said()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var hack = cli.Server.Add("events", Examples.Event("hack"));

        JsonNode.DeepEquals(await cli.JsonAsync("event", "show", "hack"), hack).ShouldBeTrue();
    }
}
