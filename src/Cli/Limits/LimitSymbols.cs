using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Limits;

/// <summary>What can be said and seen of a limit.</summary>
internal static class LimitSymbols
{
    public const string Money = "money";

    public static readonly IReadOnlyList<Field> Fields =
    [
        Field.Text("Id", "id"), Field.Text("Scope", "scope"), Field.Text("Unit", "unit"), Field.Text("Window", "window"),
        new("Cap", (row, _) => ShowCap(row, "cap"), AlignRight: true),
        Field.Text("Model", "model"),
    ];

    public static Argument<string> Limit() => Symbols.Text("LIMIT", "The limit's id (see limit list).");

    public static Argument<string> Cap(string more = "") => Symbols.Text("CAP", $"The most that may be used: a number, or dollars where the unit is money, such as 12.50{more}.");

    /// <summary>What the server counts in: whole units, micro-dollars for money.</summary>
    public static long ParseCap(string text, string? unit)
    {
        if (unit == Money)
            return Dollars.Parse(text, "The cap");
        // .NET takes a comma anywhere: to whoever means a decimal comma, 1,5 would be 15.
        return long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var cap) && (!text.Contains(',') || text == ShowCap(cap, unit))
            ? cap
            : throw new CommandFailedException(ExitCode.WrongUsage, $"The cap '{text}' is no number of {unit}: give one such as 1000.");
    }

    public static string ShowCap(long cap, string? unit) => unit == Money ? Dollars.Show(cap) : cap.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A cap of the limit's unit, which stands beside it.</summary>
    public static string ShowCap(JsonObject limit, string field) =>
        limit[field] is JsonValue value && value.TryGetValue(out long cap) ? ShowCap(cap, limit["unit"]?.ToString()) : "";

    public static string Words(JsonObject limit, string id = "id") => $"{limit[id]} ({limit["scope"]}, {limit["unit"]}, {limit["window"]})";
}
