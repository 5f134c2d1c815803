using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>One thing to show of what the server answered: a column of a table or a line of a card.</summary>
/// <param name="Read">What to show of an object, with the zone that times are shown in.</param>
/// <param name="AlignRight">Whether it is a number, of which nothing may be cut off.</param>
/// <param name="IsTime">Whether it is a time, of which the zone may be cut off.</param>
internal sealed record Field(string Title, Func<JsonObject, TimeZoneInfo, string> Read, bool AlignRight = false, bool IsTime = false)
{
    public static Field Text(string title, string name) => new(title, (row, _) => Words(row[name]));

    /// <summary>Text of an object in the object, such as organiser.name.</summary>
    public static Field Text(string title, string outer, string inner) => new(title, (row, _) => Words((row[outer] as JsonObject)?[inner]));

    public static Field Number(string title, string name) => new(
        title,
        (row, _) => row[name] is JsonValue value && value.TryGetValue(out long number) ? number.ToString("N0", CultureInfo.InvariantCulture) : "",
        AlignRight: true);

    /// <summary>Micro-dollars, shown in dollars.</summary>
    public static Field Money(string title, string name) => new(
        title, (row, _) => row[name] is JsonValue value && value.TryGetValue(out long micro) ? Dollars.Show(micro) : "", AlignRight: true);

    /// <summary>A time in the zone of the row itself, or in the given one.</summary>
    public static Field Time(string title, string name) => new(
        title, (row, zone) => Zones.Show(row[name]?.ToString(), Zones.Find(row["timeZone"]?.ToString()) ?? zone), IsTime: true);

    public static Field YesNo(string title, string name) => new(title, (row, _) => row[name]?.GetValueKind() switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => "",
    });

    /// <summary>Shown only where it means something.</summary>
    public Field Where(Func<JsonObject, bool> means) => this with { Read = (row, zone) => means(row) ? Read(row, zone) : "" };

    private static string Words(JsonNode? value) => value switch
    {
        null => "",
        JsonArray array => string.Join(", ", array.Select(Words)),
        JsonObject nested => string.Join(", ", nested.Where(p => p.Value is not null).Select(p => $"{p.Key}: {Words(p.Value)}")),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Printable.From(text.ToString()),
        _ => value.ToJsonString(),
    };
}
