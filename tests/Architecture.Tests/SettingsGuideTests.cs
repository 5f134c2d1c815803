using System.Text;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>The guide's page of settings is what the code says of them.</summary>
public sealed class SettingsGuideTests
{
    private const string Page = "docs/guide/settings.md";
    private const string Rewrite = "OPENAIPROXY_WRITE_DOCS";

    [Fact]
    public void Page_is_what_the_code_says()
    {
        var written = Write();
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(Repository.PathOf(Page), written);

        Sources.Read(Page).ShouldBe(written, $"{Page} is made from AllSettings. Run the tests of this project with {Rewrite}=1 and commit what changes.");
    }

    private static string Write()
    {
        var page = new StringBuilder($"""
            # Settings

            Everything the server can be told. What it is not told has a default: `dotnet run --project src/Server` needs none of these.

            A setting can be said in three places; the first that says it counts:

            1. an option of the command line: `--admin-url http://127.0.0.1:9000`
            2. an environment variable: `OPENAIPROXY_ADMIN_URL=http://127.0.0.1:9000`
            3. `{SettingSources.FileName}` in the directory where the server is started: a JSON object such as `{"{"}"admin-url": "http://127.0.0.1:9000"{"}"}`; a list may be an array

            Secrets are no options, because the command line of a process can be read by others on the machine.
            Times are written `500ms`, `30s`, `10m` or `1h`. A wrong setting ends the server with exit code 2 and a line that says what would do.

            | setting | value | default | what it is |
            |---|---|---|---|

            """);
        foreach (var setting in AllSettings.List)
            page.Append($"| {NameOf(setting)} | {Escape(setting.Form)} | {(setting.Default is { } value ? $"`{value}`" : "")} | {Escape(setting.Description)} |\n");
        return page.ToString();
    }

    private static string NameOf(Setting setting) => setting.IsSecret
        ? $"`{setting.Variable}`"
        : setting == AllSettings.Demo ? "`--demo`, `--no-demo`" : $"`--{setting.Name}`";

    // A bar would end the cell.
    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
