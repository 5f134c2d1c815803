using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>One thing, a line for each of its fields that has something to say.</summary>
internal static class Card
{
    public static async Task WriteAsync(Terminal terminal, IReadOnlyList<Field> fields, JsonObject thing, TimeZoneInfo zone)
    {
        var lines = fields.Select(f => (f.Title, Value: f.Read(thing, zone))).Where(l => l.Value.Length > 0).ToList();
        var width = lines.Count == 0 ? 0 : lines.Max(l => l.Title.Length);
        foreach (var (title, value) in lines)
            await terminal.Output.WriteLineAsync($"{title.PadRight(width)}  {value}");
    }
}
