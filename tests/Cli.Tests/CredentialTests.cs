using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>How a backend is told as whom the server comes: by key or by Entra ID.</summary>
public sealed class CredentialTests
{
    [Fact]
    public async Task A_kind_of_identity_is_enough_for_a_backend()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("backend", "add", "aoai", "--endpoint", "https://x.openai.azure.com", "--entra", "managedIdentity", "--deploy", "gpt-4o")).ShouldBe(0, cli.Error);

        Sent(cli, "POST", "/api/backends").ShouldBe("""{"name":"aoai","endpoint":"https://x.openai.azure.com","entra":{"kind":"managedIdentity"}}""");
        cli.Output.ShouldContain("Deployment gpt-4o answers for gpt-4o.");
    }

    [Fact]
    public async Task All_of_an_identity_can_be_said_and_its_secret_goes_to_the_server_alone()
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["APP_SECRET"] = "canary-secret";

        (await cli.RunAsync(
            "backend", "add", "gov", "--endpoint", "https://x.openai.azure.us", "--entra", "clientSecret", "--tenant", "contoso.example", "--client-id", "app",
            "--client-secret", "env:APP_SECRET", "--scope", "api://x/.default", "--authority", "https://login.example/")).ShouldBe(0, cli.Error);

        JsonNode.Parse(Sent(cli, "POST", "/api/backends"))!["entra"]!.ToJsonString().ShouldBe(
            """{"kind":"clientSecret","tenantId":"contoso.example","clientId":"app","scope":"api://x/.default","authority":"https://login.example/","clientSecret":"canary-secret"}""");
        (cli.Output + cli.Error).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Case_does_not_matter_in_the_names_of_models_that_are_deployed()
    {
        await using var cli = await CliUnderTest.StartAsync();
        (await cli.RunAsync("model", "add", "Ours", "--family", "chat", "--operations", "chatCompletions", "--context-window", "1000", "--max-output", "100")).ShouldBe(0, cli.Error);

        (await cli.RunAsync("backend", "add", "aoai", "--endpoint", "https://x.openai.azure.com", "--entra", "default", "--deploy", "ours=here,GPT-4o")).ShouldBe(0, cli.Error);

        cli.Server.Things["models"].Select(m => m["name"]!.ToString()).ShouldBe(["Ours", "gpt-4o"]);
        cli.Server.Things["deployments"].Select(d => $"{d["model"]} as {d["name"]}").ShouldBe(["Ours as here", "gpt-4o as GPT-4o"]);
    }

    [Fact]
    public async Task A_model_far_down_a_long_catalogue_is_deployed_and_used_like_any_other()
    {
        await using var cli = await CliUnderTest.StartAsync();
        foreach (var number in Enumerable.Range(1, 1_001))
            cli.Server.Add("models", new JsonObject { ["name"] = $"ours-{number}", ["operations"] = new JsonArray("chatCompletions") });

        (await cli.RunAsync("backend", "add", "aoai", "--endpoint", "https://x.openai.azure.com", "--entra", "default", "--deploy", "ours-1001")).ShouldBe(0, cli.Error);
        (await cli.RunAsync("event", "create", "hack")).ShouldBe(0, cli.Error);

        cli.Server.Things["deployments"].Select(d => d["model"]!.ToString()).ShouldBe(["ours-1001"]);
        cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body["models"]!.ToJsonString().ShouldBe("""["ours-1001"]""");
    }

    [Theory]
    [InlineData("--key env:NAME, or --entra", "add", "azure", "--endpoint", "https://x")]
    [InlineData("not both", "add", "azure", "--endpoint", "https://x", "--key", "env:KEY", "--entra", "default")]
    [InlineData("not both", "edit", "azure", "--key", "env:KEY", "--entra", "default")]
    [InlineData("--tenant goes with --entra", "add", "azure", "--endpoint", "https://x", "--key", "env:KEY", "--tenant", "t")]
    [InlineData("--client-secret goes with --entra", "edit", "azure", "--key", "env:KEY", "--client-secret", "env:KEY")]
    [InlineData("managedIdentity", "add", "azure", "--endpoint", "https://x", "--entra", "managed")]
    public async Task What_contradicts_itself_is_wrong_usage_before_anything_is_sent(string expected, params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["KEY"] = "canary";

        (await cli.RunAsync(["backend", .. args])).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain(expected);
        cli.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_said_of_an_identity_stays()
    {
        await using var cli = await WithIdentityAsync();

        (await cli.RunAsync("backend", "edit", "eu", "--entra", "workloadIdentity", "--scope", "")).ShouldBe(0, cli.Error);

        Sent(cli, "PATCH", "/api/backends/eu").ShouldBe("""{"entra":{"kind":"workloadIdentity","scope":null}}""");
    }

    [Fact]
    public async Task Another_kind_of_identity_is_another_identity()
    {
        await using var cli = await WithIdentityAsync();

        (await cli.RunAsync("backend", "edit", "eu", "--entra", "managedIdentity", "--client-id", "mine")).ShouldBe(0, cli.Error);

        Sent(cli, "PATCH", "/api/backends/eu").ShouldBe("""{"entra":{"kind":"managedIdentity","tenantId":null,"clientId":"mine"}}""");
    }

    [Fact]
    public async Task An_identity_that_there_is_not_cannot_be_changed()
    {
        await using var cli = await Examples.WithBackendAsync();

        (await cli.RunAsync("backend", "edit", "azure", "--scope", "api://x/.default")).ShouldBe(ExitCode.WrongUsage);

        cli.Error.ShouldContain("--entra");
    }

    [Fact]
    public async Task A_backend_is_shown_with_its_identity()
    {
        await using var cli = await WithIdentityAsync();

        await cli.RunAsync("backend", "show", "eu");

        cli.Output.ShouldContain("Key        no\nEntra      workloadIdentity\nTenant     t\nClient id  c\nScope      s\n");
        cli.Output.ShouldNotContain("Client secret");
        await cli.RunAsync("backend", "list");
        cli.Output.Split('\n')[0].ShouldNotContain("PROBLEM");
        cli.Output.ShouldContain("workloadIdentity");
    }

    private static async Task<CliUnderTest> WithIdentityAsync()
    {
        var cli = await CliUnderTest.StartAsync();
        (await cli.RunAsync("backend", "add", "eu", "--endpoint", "https://x", "--entra", "workloadIdentity", "--tenant", "t", "--client-id", "c", "--scope", "s")).ShouldBe(0, cli.Error);
        return cli;
    }

    private static string Sent(CliUnderTest cli, string method, string path) => cli.Server.Requests.Single(r => r.Method == method && r.Path == path).Body.ToJsonString();
}
