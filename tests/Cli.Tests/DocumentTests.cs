using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Documents;

namespace OpenAIProxy.Cli.Tests;

public sealed class DocumentTests
{
    private const string Workshop = """
        # a workshop
        backends:
          - name: azure
            endpoint: https://x.openai.azure.com
            apiKey: env:AZURE_KEY
        events:
          - code: hack
            name: "Hack: day"
            start: 2026-05-01T09:00
            models: [gpt-4o, 'no']
            outputCap: 2048
            hashesUserIds: false
            imageUrl: null
        """;

    private const string SameWorkshop = """
        {"backends":[{"name":"azure","endpoint":"https://x.openai.azure.com","apiKey":"env:AZURE_KEY"}],
         "events":[{"code":"hack","name":"Hack: day","start":"2026-05-01T09:00","models":["gpt-4o","no"],"outputCap":2048,"hashesUserIds":false,"imageUrl":null}]}
        """;

    [Fact]
    public void Yaml_and_json_say_the_same()
    {
        var yaml = DocumentText.Read(Workshop, "a.yaml");

        JsonNode.DeepEquals(yaml, DocumentText.Read(SameWorkshop, "a.json")).ShouldBeTrue(yaml.ToJsonString());
        JsonNode.DeepEquals(DocumentText.Read(Yaml.Write(yaml), "written"), yaml).ShouldBeTrue(Yaml.Write(yaml));
    }

    [Theory]
    [InlineData("no")]
    [InlineData("12")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData(" a ")]
    [InlineData("a: b # c")]
    [InlineData("two\nlines\n")]
    [InlineData("- x")]
    [InlineData("\"quoted\" 'too' \\ \u00e4 \U0001F600 \u0085")]
    [InlineData("key:")]
    [InlineData("a:b")]
    [InlineData("null")]
    public void A_text_stays_the_same_text_through_yaml(string text)
    {
        var document = new JsonObject { ["events"] = new JsonArray(new JsonObject { ["name"] = text, [text] = 1 }), ["list"] = new JsonArray(text) };

        JsonNode.DeepEquals(Yaml.Read(Yaml.Write(document)), document).ShouldBeTrue(Yaml.Write(document));
    }

    [Theory]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: &x 1\nb: *x")]
    [InlineData("a: !!str 1")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("a: [1")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"backends\":[{\"name\":\"\\ud800\"}]}")]
    [InlineData("{\"backends\":[{\"name\":\"azure\",\"apiKey\":\"\\ud800\"}]}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("")]
    [InlineData("just words")]
    public async Task What_is_ambiguous_is_refused_with_its_place(string text)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("bad.yaml", text);

        (await cli.RunAsync("apply", "bad.yaml")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("bad.yaml cannot be read");
    }

    [Fact]
    public async Task Apply_shows_what_it_changed_and_twice_changes_nothing()
    {
        await using var cli = await WithWorkshopAsync();

        (await cli.RunAsync("apply", "workshop.yaml", "--dry-run")).ShouldBe(ExitCode.WouldChange, cli.Error);
        cli.Output.ShouldContain("+ event hack");
        cli.Server.Things["events"].ShouldBeEmpty();
        (await cli.RunAsync("apply", "workshop.yaml")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Things["backends"].Single()["apiKey"]!.ToString().ShouldBe("canary-azure");
        (cli.Output + cli.Error).ShouldNotContain("canary");
        (await cli.RunAsync("apply", "workshop.yaml")).ShouldBe(ExitCode.Ok);
        cli.Output.ShouldContain("Nothing to change.");
        (await cli.RunAsync("apply", "workshop.yaml", "--dry-run")).ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_change_is_shown_with_before_and_after()
    {
        await using var cli = await WithWorkshopAsync();
        await cli.RunAsync("apply", "workshop.yaml");
        cli.Write("workshop.yaml", Workshop.Replace("2048", "1024", StringComparison.Ordinal));

        await cli.RunAsync("apply", "workshop.yaml");

        cli.Output.ShouldContain("~ event hack\n    outputCap: 2048 → 1024\n");
    }

    [Fact]
    public async Task A_limit_that_changes_is_shown_with_the_event_it_is_of()
    {
        var printed = new StringWriter { NewLine = "\n" };

        await ChangeList.WriteAsync(printed,
        [
            new() { ["action"] = "change", ["kind"] = "limit", ["name"] = "4", ["event"] = "hack", ["fields"] = new JsonObject { ["cap"] = new JsonObject { ["before"] = 60, ["after"] = 100 } } },
            new() { ["action"] = "delete", ["kind"] = "event", ["name"] = "other", ["event"] = "other" },
        ]);

        printed.ToString().ShouldBe("~ limit 4 of event hack\n    cap: 60 → 100\n- event other\n");
    }

    [Fact]
    public async Task Only_prune_deletes_and_only_when_asked()
    {
        await using var cli = await WithWorkshopAsync();
        cli.Server.Add("events", Examples.Event("other"));

        (await cli.RunAsync("apply", "workshop.yaml")).ShouldBe(ExitCode.Ok);
        cli.Server.Things["events"].Count.ShouldBe(2);
        (await cli.RunAsync("apply", "workshop.yaml", "--prune")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("- event other");
        cli.Server.Things["events"].Count.ShouldBe(2);
        (await cli.RunAsync("apply", "workshop.yaml", "--prune", "--yes")).ShouldBe(ExitCode.Ok);
        cli.Server.Things["events"].Single()["code"]!.ToString().ShouldBe("hack");
    }

    [Fact]
    public async Task All_secrets_that_are_missing_are_named_at_once()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("two.yaml", "backends:\n- name: eu\n  apiKey: env:EU_KEY\nevents:\n- code: hack\n  sharedSecret: env:HACK_SECRET\n");

        (await cli.RunAsync("apply", "two.yaml")).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldBe("""
            backends eu: apiKey: The environment variable EU_KEY is not set.
            events hack: sharedSecret: The environment variable HACK_SECRET is not set.
            A secret that the document leaves out stays as the server has it.

            """);
    }

    [Fact]
    public async Task A_secret_written_into_the_document_is_refused_and_not_repeated()
    {
        await using var cli = await WithWorkshopAsync();
        cli.Write("workshop.yaml", Workshop.Replace("env:AZURE_KEY", "canary-clear", StringComparison.Ordinal));

        (await cli.RunAsync("apply", "workshop.yaml")).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain("azure");
        cli.Error.ShouldNotContain("canary");
        cli.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Secrets_of_names_that_are_alike_are_asked_for_under_names_of_their_own()
    {
        string[] names = ["eu-1", "eu.1", "EU_1", "us"];
        var document = new JsonObject { ["backends"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = name })]) };

        var secrets = DocumentSecrets.Refer(document, names.Select(name => $"backends/{name}/apiKey"));

        secrets.Select(s => s.Reference).ShouldBe(["env:EU_1_API_KEY", "env:EU_1_API_KEY_2", "env:EU_1_API_KEY_3", "env:US_API_KEY"]);
        document["backends"]![1]!["apiKey"]!.ToString().ShouldBe("env:EU_1_API_KEY_2");
    }

    [Theory]
    [InlineData("out.yaml")]
    [InlineData("out.json")]
    public async Task Export_then_apply_elsewhere_then_export_are_equal(string file)
    {
        await using var here = await WithWorkshopAsync();
        await here.RunAsync("apply", "workshop.yaml");
        (await here.RunAsync("export", "--output", file)).ShouldBe(ExitCode.Ok, here.Error);
        here.Error.ShouldContain("env:AZURE_API_KEY");
        here.Read(file).ShouldNotContain("canary");
        await using var there = await CliUnderTest.StartAsync();
        there.Write(file, here.Read(file));

        (await there.RunAsync("apply", file)).ShouldBe(ExitCode.WrongUsage);
        there.Error.ShouldContain("AZURE_API_KEY is not set");
        there.Variables["AZURE_API_KEY"] = "another";
        (await there.RunAsync("apply", file)).ShouldBe(ExitCode.Ok, there.Error);
        (await there.RunAsync("export", "--output", "again" + file)).ShouldBe(ExitCode.Ok);

        there.Read("again" + file).ShouldBe(here.Read(file));
    }

    [Fact]
    public async Task The_schema_names_every_field_a_document_can_have()
    {
        await using var cli = await CliUnderTest.StartAsync();

        await cli.RunAsync("export", "--schema");

        var parts = JsonNode.Parse(cli.Output)!["properties"]!.AsObject();
        parts.Select(p => p.Key).ShouldBe(["backends", "models", "deployments", "events"]);
        foreach (var field in (string[])["code", "outputCap", "reasoningOutputCap", "attendeeCap", "sharedSecret", "tokenAdmission", "streamMode", "retentionDays"])
            parts["events"]!["items"]!["properties"]![field].ShouldNotBeNull();
        parts["backends"]!["items"]!["properties"]!["entra"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_secret_is_named_where_it_belongs_and_read_from_there()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["HERE"] = "canary-here";
        cli.Variables["EU_WEST_CLIENT_SECRET"] = "canary-there";
        await cli.RunAsync("backend", "add", "eu-west", "--endpoint", "https://x", "--entra", "clientSecret", "--tenant", "t", "--client-id", "c", "--client-secret", "env:HERE");

        (await cli.RunAsync("export", "--output", "out.yaml")).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Read("out.yaml").ShouldContain("clientSecret: env:EU_WEST_CLIENT_SECRET");
        (await cli.RunAsync("apply", "out.yaml")).ShouldBe(ExitCode.Ok, cli.Error);

        cli.Server.Requests[^1].Body["document"]!["backends"]![0]!["entra"]!["clientSecret"]!.ToString().ShouldBe("canary-there");
        (cli.Output + cli.Error + cli.Read("out.yaml")).ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_client_secret_written_into_the_document_is_refused_and_not_repeated()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Write("clear.yaml", "backends: [{name: eu, endpoint: https://x, entra: {kind: clientSecret, clientSecret: canary-clear}}]");

        (await cli.RunAsync("apply", "clear.yaml")).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain("backends eu: entra/clientSecret");
        cli.Error.ShouldNotContain("canary");
        cli.Server.Requests.ShouldBeEmpty();
    }

    private static async Task<CliUnderTest> WithWorkshopAsync()
    {
        var cli = await CliUnderTest.StartAsync();
        cli.Variables["AZURE_KEY"] = "canary-azure";
        cli.Write("workshop.yaml", Workshop);
        return cli;
    }
}
