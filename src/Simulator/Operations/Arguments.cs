using System.Globalization;
using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Reads the fields of a body, and refuses it at the first that is wrong, in the words of the service. Null is absent.</summary>
internal readonly struct Arguments(JsonElement body)
{
    // What an old api-version does not know of these, it says with a 404: https://github.com/langchain-ai/opengpts/issues/166, https://github.com/567-labs/instructor/issues/405
    private static readonly string[] NotFound = ["functions", "function_call", "tools", "tool_choice"];

    public JsonElement? Any(string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Boolean(string name) => Any(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw new RefusedException(OpenAIProblems.WrongType(name, "a boolean", other)),
    };

    public string? Text(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } other => throw new RefusedException(OpenAIProblems.WrongType(name, "a string", other)),
    };

    public int? Integer(string name, int least, int most = int.MaxValue)
    {
        if (Any(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
            throw new RefusedException(OpenAIProblems.WrongType(name, "an integer", value));
        if (number < least)
            throw new RefusedException(OpenAIProblems.BelowMinimum(name, "integer", least.ToString(), value.GetRawText()));
        if (number > most)
            throw new RefusedException(OpenAIProblems.AboveMaximum(name, "integer", most.ToString(), value.GetRawText()));
        return (int)number;
    }

    /// <summary><c>seed</c>, which is any integer of 64 bits; 0 where there is none.</summary>
    public ulong Seed()
    {
        if (Any("seed") is not { } value)
            return 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
            throw new RefusedException(OpenAIProblems.WrongType("seed", "an integer", value));
        // Its bits are all that counts.
        return unchecked((ulong)number);
    }

    public double? Decimal(string name, double least, double most)
    {
        if (Any(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            throw new RefusedException(OpenAIProblems.WrongType(name, "a decimal", value));
        var number = value.GetDouble();
        if (number < least)
            throw new RefusedException(OpenAIProblems.BelowMinimum(name, "decimal", least.ToString(CultureInfo.InvariantCulture), value.GetRawText()));
        if (number > most)
            throw new RefusedException(OpenAIProblems.AboveMaximum(name, "decimal", most.ToString(CultureInfo.InvariantCulture), value.GetRawText()));
        return number;
    }

    public JsonElement? Object(string name) => Of(name, JsonValueKind.Object, "an object");

    public JsonElement? Array(string name) => Of(name, JsonValueKind.Array, "an array");

    public string[] Stops(string name)
    {
        const int most = 4;
        switch (Any(name))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String } one:
                return one.GetString() is { Length: > 0 } text ? [text] : [];
            case { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(stop => stop.ValueKind == JsonValueKind.String):
                if (several.GetArrayLength() > most)
                    throw new RefusedException(OpenAIProblems.ArrayTooLong(name, most, several.GetArrayLength()));
                return [.. several.EnumerateArray().Select(stop => stop.GetString()!).Where(stop => stop.Length > 0)];
            case { } other:
                throw new RefusedException(OpenAIProblems.WrongType(name, "one of a string or an array of strings", other));
        }
    }

    /// <summary>Azure refuses what it does not know, and what the version asked for did not know yet.</summary>
    public void RefuseUnknown(IReadOnlyDictionary<string, string> sinceByName, ApiVersion version)
    {
        foreach (var property in body.EnumerateObject())
        {
            if (!sinceByName.TryGetValue(property.Name, out var since) || !version.IsSince(since))
                throw new RefusedException(OpenAIProblems.Unrecognized(property.Name) with { Status = NotFound.Contains(property.Name) ? 404 : 400 });
        }
    }

    public StreamOptions StreamOptions(bool isStream)
    {
        if (Object("stream_options") is not { } options)
            return default;
        if (!isStream)
            throw new RefusedException(OpenAIProblems.Invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", null));
        var fields = new Arguments(options);
        return new(fields.Boolean("include_usage"), fields.Boolean("include_obfuscation"));
    }

    private JsonElement? Of(string name, JsonValueKind kind, string expected) =>
        Any(name) is not { } value ? null
        : value.ValueKind == kind ? value
        : throw new RefusedException(OpenAIProblems.WrongType(name, expected, value));
}
