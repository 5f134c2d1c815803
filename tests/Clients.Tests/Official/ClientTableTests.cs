using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>The table of clients and cases says what the tests of this folder hold the clients to.</summary>
public sealed class ClientTableTests
{
    private const string Page = "docs/clients.md";
    private const string Rewrite = "OPENAIPROXY_WRITE_DOCS";
    private const string Marker = $"<!-- The tests write what follows: {Rewrite}=1. -->\n";

    private static readonly Dictionary<Case, string> Heads = new()
    {
        [Case.Chat] = "chat",
        [Case.Stream] = "streamed",
        [Case.Tools] = "tools",
        [Case.Completions] = "completions",
        [Case.Embeddings] = "embeddings",
        [Case.WrongKey] = "wrong key",
        [Case.EventOver] = "event over",
        [Case.LimitReached] = "limit reached",
        [Case.LimitForNow] = "limit for now",
        [Case.LimitStays] = "limit that stays",
        [Case.Busy] = "busy",
        [Case.BrokenStream] = "broken stream",
        [Case.Cancellation] = "cancelled",
    };

    private readonly List<string> notes = [];

    [Fact]
    public void Table_is_what_the_tests_expect()
    {
        var page = File.ReadAllText(Repository.PathOf(Page));
        var written = page[..(page.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)] + Write();
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(Repository.PathOf(Page), written);

        File.ReadAllText(Repository.PathOf(Page)).ShouldBe(written, $"{Page} has a table of what these tests expect. Run them with {Rewrite}=1 and commit what changes.");
    }

    private string Write()
    {
        var text = new StringBuilder("\n| client | endpoint | credential |");
        foreach (var @case in Enum.GetValues<Case>())
            text.Append($" {Heads[@case]} |");
        text.Append("\n|---|---|---|").Insert(text.Length, "---|", Heads.Count).Append('\n');
        foreach (var client in OfficialClients.All)
            foreach (var endpoint in client.Endpoints)
                text.Append($"| {client.Name} | `{endpoint.Shown}` | {(endpoint.HasKey ? "key" : "code")} | {string.Join(" | ", Enum.GetValues<Case>().Select(c => Cell(client, c)))} |\n");
        text.Append('\n');
        for (var i = 0; i < notes.Count; i++)
            text.Append($"{i + 1}. {notes[i]}.\n");
        return text.Append($"\n## Versions\n\n{string.Join("\n", Versions())}\n").ToString();
    }

    private string Cell(OfficialClient client, Case @case)
    {
        if (client.Lacks.TryGetValue(@case, out var reason))
            return "—" + NumberOf(reason);
        var error = @case switch
        {
            Case.WrongKey => client.WrongKey,
            Case.EventOver or Case.LimitReached => client.EventOver,
            Case.LimitForNow => client.LimitForNow,
            Case.LimitStays => client.LimitStays,
            Case.Busy => client.Busy,
            Case.BrokenStream => client.BrokenStream,
            Case.Cancellation => client.Cancelled,
            _ => null,
        };
        var seen = (error is null ? "✓" : $"`{error}`") + (@case == Case.LimitStays ? $", {client.Tries} {(client.Tries == 1 ? "request" : "requests")}" : "");
        return client.Notes.TryGetValue(@case, out var note) ? seen + NumberOf(note) : seen;
    }

    private string NumberOf(string note)
    {
        if (!notes.Contains(note))
            notes.Add(note);
        return $" [{notes.IndexOf(note) + 1}]";
    }

    private static IEnumerable<string> Versions()
    {
        var packages = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        foreach (var name in new[] { "OpenAI", "Azure.AI.OpenAI" })
            yield return $"- NuGet `{name}` {packages[name]}";
        using var npm = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("package.json")));
        var dependencies = npm.RootElement.GetProperty("devDependencies");
        foreach (var name in new[] { "openai", "@langchain/openai", "ai", "@ai-sdk/openai", "@ai-sdk/azure" })
            yield return $"- npm `{name}` {dependencies.GetProperty(name).GetString()}";
        yield return "- Python `requests` and `httpx` as Debian has them (`python3-requests`, `python3-httpx`); `openai_proxy` of [python](../python/README.md)";
    }
}
