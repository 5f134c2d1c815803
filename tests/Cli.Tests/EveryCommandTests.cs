using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Tests;

public sealed class EveryCommandTests
{
    // In an order that works: what is removed comes last.
    private static readonly string[] Lines =
    [
        "whoami",
        "backend add azure --endpoint https://x.openai.azure.com --key env:AZURE_KEY --api-version 2024-10-21 --deploy gpt-4o,gpt-3.5-turbo=old",
        "backend add entra --endpoint https://y.openai.azure.com --entra clientSecret --tenant contoso.example --client-id 1 --client-secret env:AZURE_KEY --scope s --authority https://a.example",
        "backend list", "backend show azure", "backend show entra", "backend edit azure --key env:AZURE_KEY", "backend edit azure --entra managedIdentity", "backend test azure --deployment old",
        "model add o3", "model list --sort -name", "model show o3", "model edit o3 --aliases o3-new,o3-latest --max-output 5000",
        "deployment add o3 azure", "deployment list --backend azure",
        "event create hack --open --email ada@example.com --entrance keyOnly --hash-user-ids true",
        "event list --state open --search ha --page 1 --page-size 10", "event show hack", "event edit hack --image https://x.example/a.png --origins *",
        "event edit hack --token-tenant 1 --token-audience a,b --token-groups 2 --token-roles r --token-authority https://a.example/ --stream-mode strict",
        "event edit hack --no-token-admission --stream-mode surface", "event edit hack --retention-days 30",
        "event pause hack", "event resume hack", "event open hack", "event extend hack --end 2026-06-01",
        "event copy hack hack-2 --name Again", "event secret set hack", "event secret remove hack --yes",
        "event organiser add hack alan", "event organiser remove hack alan",
        "attendee list hack", "attendee show hack ada", "attendee block hack ada", "attendee unblock hack id:7", "attendee remove hack ada --yes",
        "limit add hack 12.50 --unit money --window day --model gpt-4o", "limit add hack 5 --unit requests --scope event --window minute", "limit list hack", "limit edit hack 4 20", "limit remove hack 4 --yes",
        "attendee cap hack ada 4 30", "attendee cap hack ada 4 default", "entries hack --attendee ada --model gpt-4o --from 2d --sort -cost", "entries --csv -", "ledger verify", "usage", "usage hack --by day --from 2026-05-01 --to 2026-06-01",
        "refusals", "refusals hack --per hour --reason event_full --from 2026-05-01 --to 2026-06-01",
        "price set o3 --input 2.5 --cached-input 1.25 --output 10 --image 0.04 --as-of 2026-05-01 --source contract", "price list", "price remove o3 --yes",
        "key issue hack ada --expires 3d", "key import hack names.txt --output -", "key list hack --state active", "key rotate hack 1 --grace 2h", "key revoke hack 1 --yes",
        "token create ada --expires 2026-12-31", "token list", "token revoke 3 --yes",
        "audit --since 2026-01-01 --kind event",
        "export", "export --schema", "apply document.json",
        "event close hack --yes", "event archive hack --yes", "event delete hack --yes",
        "deployment remove o3 azure --yes", "backend remove azure --yes", "model remove o3 --yes",
    ];

    // These print text whatever is asked for.
    private static readonly string[] NotJson = ["completion", "key import", "entries --csv"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_command_does_what_it_says(bool json)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Variables["AZURE_KEY"] = "canary-azure";
        cli.Server.Add("attendees", new JsonObject { ["id"] = 7, ["name"] = "ada", ["isBlocked"] = false, ["byCode"] = true, ["enteredAt"] = "2026-05-01T07:00:00Z", ["keyCount"] = 2 });
        cli.Server.Add("limits", new JsonObject { ["id"] = 4, ["scope"] = "attendee", ["unit"] = "money", ["window"] = "day", ["cap"] = 12_500_000 });
        cli.Server.Add("keys", new JsonObject { ["id"] = 1, ["user"] = "ada", ["hint"] = "aop_…x", ["issuedAt"] = "2026-05-01T07:00:00Z", ["state"] = "active" });
        cli.Server.Add("audit", new JsonObject { ["at"] = "2026-05-01T07:00:00Z", ["actor"] = "ada", ["action"] = "change", ["before"] = new JsonObject { ["apiKey"] = "•••" } });
        cli.Server.Add("entries", new JsonObject { ["id"] = 9, ["event"] = "hack", ["attendee"] = 7, ["attendeeName"] = "ada", ["model"] = "gpt-4o", ["cost"] = 610 });
        cli.Write("names.txt", "ada\nalan\n");
        cli.Write("document.json", "{}");

        foreach (var line in Lines)
        {
            (await cli.RunAsync([.. line.Split(' '), .. json ? ["--json"] : Array.Empty<string>()])).ShouldBe(ExitCode.Ok, $"{line}: {cli.Error}");
            cli.Output.ShouldNotBeEmpty(line);
            (cli.Output + cli.Error).ShouldNotContain("canary-azure");
            if (json && !NotJson.Any(n => line.StartsWith(n, StringComparison.Ordinal)))
                Should.NotThrow(() => JsonNode.Parse(cli.Output), line);
        }
    }

    [Fact]
    public async Task No_command_is_left_out_above()
    {
        await using var cli = await CliUnderTest.StartAsync();

        foreach (var words in Paths(CommandLine.Create(cli.Surroundings()), ""))
            if (!words.StartsWith("completion", StringComparison.Ordinal))
                Lines.ShouldContain(line => (line + " ").StartsWith(words + " ", StringComparison.Ordinal), words);
    }

    private static IEnumerable<string> Paths(Command command, string above) => command.Hidden ? []
        : command is Verb ? [above] : command.Subcommands.SelectMany(c => Paths(c, $"{above} {c.Name}".Trim()));
}
