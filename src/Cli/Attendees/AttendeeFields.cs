using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Limits;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeFields
{
    public static readonly IReadOnlyList<Field> All =
    [
        Field.Text("Id", "id"),
        Field.Text("Name", "name"),
        Field.YesNo("Blocked", "isBlocked"),
        Field.YesNo("By code", "byCode"),
        Field.Time("Entered", "enteredAt"),
        Field.Number("Keys", "keyCount"),
    ];

    /// <summary>For one attendee: a table has no room for all of it.</summary>
    public static readonly IReadOnlyList<Field> OfOne =
    [
        .. All,
        new("Raised caps", (row, _) => string.Join("; ", (row["raisedCaps"] as JsonArray ?? []).OfType<JsonObject>().Select(Words))),
        new("Last refusal", (row, zone) => row[LastRefusal] is JsonObject last ? Zones.Show(last["at"]?.ToString(), zone) : ""),
        Field.Text("Refusal", LastRefusal, "code"),
        Field.Text("Message", LastRefusal, "message"),
        Field.Text("Request id", LastRefusal, "request"),
    ];

    private const string LastRefusal = "lastRefusal";

    private static string Words(JsonObject raised) =>
        Printable.From($"{LimitSymbols.Words(raised, "limit")}: {LimitSymbols.ShowCap(raised, "cap")} instead of {LimitSymbols.ShowCap(raised, "usualCap")}");
}
