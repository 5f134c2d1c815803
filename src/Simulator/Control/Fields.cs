using System.Text.Json;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Control;

/// <summary>The fields of one object of what a test has sent; remembers which were asked for, to refuse the rest.</summary>
/// <param name="element">Must be an object.</param>
/// <param name="at">Where it stands; empty at the top.</param>
/// <param name="what">What it is, for example <c>a fault</c>.</param>
internal sealed class Fields(JsonElement element, string at, string what)
{
    private readonly JsonElement element = element.ValueKind == JsonValueKind.Object ? element : throw new WrongFieldException(at, "an object is expected");
    private readonly HashSet<string> asked = [];

    public JsonElement? Any(string name)
    {
        asked.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? Text(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(name, "a string is expected"),
    };

    /// <summary>Any value, as JSON in one line.</summary>
    public string? Json(string name) => Any(name) is { } value ? SentJson.Compact(value) : null;

    /// <summary>What will be the value of a header.</summary>
    public string? HeaderValue(string name) => Text(name) switch
    {
        null => null,
        { } value when HeaderText.IsValue(value) => value,
        _ => throw Wrong(name, HeaderText.ValueForm),
    };

    public long? Integer(string name, long least) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) && number >= least && number <= int.MaxValue => number,
        _ => throw Wrong(name, $"an integer of at least {least} is expected"),
    };

    public bool? Boolean(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false is expected"),
    };

    /// <summary>Null if absent, which an empty list is not.</summary>
    public string[]? Texts(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Wrong(name, "an array of strings is expected"),
    };

    /// <summary>Null if absent.</summary>
    public Fields[]? Objects(string name, string kind) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select((item, index) => new Fields(item, $"{Path(name)}[{index}]", kind))],
        _ => throw Wrong(name, "an array is expected"),
    };

    /// <summary>Null if absent.</summary>
    public Fields? Object(string name, string kind) => Any(name) is { } value ? new(value, Path(name), kind) : null;

    public double? Fraction(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.GetDouble() is >= 0 and <= 1 and var number => number,
        _ => throw Wrong(name, "a number from 0 to 1 is expected"),
    };

    public string? OneOf(string name, params string[] values) => Text(name) switch
    {
        null => null,
        { } value when values.Contains(value) => value,
        _ => throw Wrong(name, $"one of {string.Join(", ", values)} is expected"),
    };

    public void RefuseOthers()
    {
        foreach (var property in element.EnumerateObject().Where(property => !asked.Contains(property.Name)))
            throw Wrong(property.Name, $"is not a field of {what}; it has {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
    }

    public WrongFieldException Wrong(string name, string reason) => new(Path(name), reason);

    private string Path(string name) => at.Length == 0 ? name : $"{at}.{name}";
}
