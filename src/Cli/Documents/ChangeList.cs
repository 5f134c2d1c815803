using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Documents;

/// <summary>Shows what an apply changes, a line for each field: + made, ~ changed, - deleted.</summary>
internal static class ChangeList
{
    public static IReadOnlyList<JsonObject> Of(JsonObject answer) => [.. (answer["changes"] as JsonArray ?? []).OfType<JsonObject>()];

    public static bool IsDeletion(JsonObject change) => change["action"]?.ToString() == "delete";

    public static async Task WriteAsync(TextWriter output, IReadOnlyList<JsonObject> changes)
    {
        foreach (var change in changes)
        {
            var action = change["action"]?.ToString();
            var sign = action switch { "create" => '+', "delete" => '-', _ => '~' };
            // A limit has a number for a name, which says nothing to whoever reads what would change.
            var owner = change["event"]?.ToString() is { } code && change["kind"]?.ToString() != "event" ? $" of event {code}" : "";
            await output.WriteLineAsync(Printable.From($"{sign} {change["kind"]} {change["name"]}{owner}"));
            if (action == "delete")
                continue;
            foreach (var (field, values) in change["fields"] as JsonObject ?? [])
                await output.WriteLineAsync(Printable.From($"    {field}: {Value(values, action)}"));
        }
    }

    public static string Summary(IReadOnlyList<JsonObject> changes, bool isApplied)
    {
        if (changes.Count == 0)
            return "Nothing to change.";
        int Count(string action) => changes.Count(c => c["action"]?.ToString() == action);
        var counts = $"{Count("create")} to make, {Count("change")} to change, {Count("delete")} to delete.";
        return isApplied ? $"Applied: {Count("create")} made, {Count("change")} changed, {Count("delete")} deleted." : $"Not applied: {counts}";
    }

    private static string Value(JsonNode? values, string? action) => action == "create" && values?["before"] is null
        ? Text(values?["after"])
        : $"{Text(values?["before"])} → {Text(values?["after"])}";

    private static string Text(JsonNode? value) => value?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "none";
}
