using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

/// <summary>Whose tokens let people in to an event, and how its streams are passed on.</summary>
public sealed class AdmissionTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task An_event_is_made_for_who_signs_in_with_entra()
    {
        await using var cli = await Examples.WithBackendAsync();

        (await cli.RunAsync(
            "event", "create", "hack", "--token-tenant", Tenant, "--token-audience", "api://hack,app", "--token-roles", "Attendee", "--stream-mode", "strict", "--open")).ShouldBe(0, cli.Error);

        var sent = cli.Server.Requests.Last(r => r is { Method: "POST", Path: "/api/events" }).Body;
        sent["tokenAdmission"]!.ToJsonString().ShouldBe($$"""{"tenantId":"{{Tenant}}","audiences":["api://hack","app"],"roles":["Attendee"]}""");
        sent["streamMode"]!.ToString().ShouldBe("strict");
        cli.Error.ShouldContain("Authorization: Bearer TOKEN");
    }

    [Fact]
    public async Task What_is_not_said_of_tokens_stays_and_a_list_can_be_emptied()
    {
        await using var cli = await WithEventAsync();

        (await cli.RunAsync("event", "edit", "hack", "--token-audience", "other", "--token-groups", "", "--token-authority", "")).ShouldBe(0, cli.Error);

        cli.Server.Requests[^1].Body.ToJsonString().ShouldBe("""{"tokenAdmission":{"audiences":["other"],"groups":[],"authority":null}}""");
    }

    [Fact]
    public async Task Nobody_is_let_in_by_tokens_any_more_and_streams_are_as_each_surface_does()
    {
        await using var cli = await WithEventAsync();

        (await cli.RunAsync("event", "edit", "hack", "--no-token-admission", "--stream-mode", "surface")).ShouldBe(0, cli.Error);

        cli.Server.Requests[^1].Body.ToJsonString().ShouldBe("""{"streamMode":null,"tokenAdmission":null}""");
    }

    [Fact]
    public async Task Tokens_are_not_taken_away_and_described_at_once()
    {
        await using var cli = await WithEventAsync();

        (await cli.RunAsync("event", "edit", "hack", "--no-token-admission", "--token-audience", "a")).ShouldBe(ExitCode.WrongUsage);

        cli.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_is_shown_with_whom_it_lets_in_by_token()
    {
        await using var cli = await WithEventAsync();

        await cli.RunAsync("event", "show", "hack");

        cli.Output.ShouldContain($"Token tenant     {Tenant}\nToken audiences  app, api://hack\nToken authority  https://login.microsoftonline.com/\n");
        cli.Output.ShouldContain("Stream mode      faithful\n");
    }

    private static async Task<CliUnderTest> WithEventAsync()
    {
        var cli = await CliUnderTest.StartAsync();
        var hack = cli.Server.Add("events", Examples.Event("hack"));
        hack["streamMode"] = "faithful";
        hack["tokenAdmission"] = new JsonObject
        {
            ["tenantId"] = Tenant,
            ["audiences"] = new JsonArray("app", "api://hack"),
            ["groups"] = new JsonArray(),
            ["roles"] = new JsonArray(),
            ["authority"] = "https://login.microsoftonline.com/",
        };
        return cli;
    }
}
