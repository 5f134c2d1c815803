using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Simulator.Text;

/// <summary>Writes a value that satisfies a JSON schema, as far as structured outputs know one. With no schema it writes an empty object.</summary>
internal sealed class SchemaAuthor(JsonElement? schema, Topic topic, Dice dice)
{
    // Deep enough for any sensible schema, and an end for one that refers to itself.
    private const int Deepest = 12;

    // As deep as the parser takes a body, and so a constant in it.
    private const int DeepestBody = 64;

    // What an answer may have, whatever its schema asks for: so many values, of which one that is written out takes another for every hundred characters.
    private const int MostValues = 1_000;
    private const int LongestText = 1_000;

    private int left = MostValues;

    public string Write() => (schema is { ValueKind: JsonValueKind.Object } root ? Value(root, 0) ?? new JsonObject() : new JsonObject())
        .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Deepest + DeepestBody });

    private JsonNode? Value(JsonElement shape, int depth)
    {
        if (shape.ValueKind != JsonValueKind.Object || depth > Deepest || !Spend(0))
            return null;
        if (shape.TryGetProperty("$ref", out var reference))
            return Resolve(Text(reference)) is { } target ? Value(target, depth + 1) : null;
        if (shape.TryGetProperty("const", out var constant))
            return Copy(constant);
        if (shape.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
            return Copy(values[dice.Below(values.GetArrayLength())]);
        foreach (var alternatives in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (shape.TryGetProperty(alternatives, out var options) && options.ValueKind == JsonValueKind.Array && options.GetArrayLength() > 0)
                return Value(Shallowest(options, depth), depth + 1);
        }

        return TypeOf(shape) switch
        {
            "object" => Object(shape, depth),
            "array" => Array(shape, depth),
            "string" => String(shape),
            "integer" => Integer(shape),
            "number" => Number(shape),
            "boolean" => dice.Below(2) == 0,
            _ => null,
        };
    }

    private bool Spend(int characters) => (left -= 1 + characters / 100) >= 0;

    private JsonNode? Copy(JsonElement value)
    {
        var text = value.GetRawText();
        return Spend(text.Length) ? JsonNode.Parse(text) : null;
    }

    // Near the bottom null ends what would go on for ever.
    private static JsonElement Shallowest(JsonElement options, int depth)
    {
        if (depth < Deepest / 2)
            return options[0];
        foreach (var option in options.EnumerateArray())
        {
            if (TypeOf(option) is "null" or "string" or "integer" or "number" or "boolean")
                return option;
        }

        return options[0];
    }

    private static string TypeOf(JsonElement shape)
    {
        if (shape.ValueKind != JsonValueKind.Object)
            return "";
        if (!shape.TryGetProperty("type", out var type))
            return shape.TryGetProperty("properties", out _) ? "object" : shape.TryGetProperty("items", out _) ? "array" : "string";
        return Text(type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0] : type);
    }

    // A schema may have anything anywhere.
    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : "";

    private JsonObject Object(JsonElement shape, int depth)
    {
        var value = new JsonObject();
        if (shape.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject().TakeWhile(property => left > 0 && Spend(property.Name.Length)))
                value[property.Name] = Value(property.Value, depth + 1);
        }

        return value;
    }

    private JsonArray Array(JsonElement shape, int depth)
    {
        var value = new JsonArray();
        var most = Size(shape, "maxItems", MostValues);
        var least = Size(shape, "minItems", MostValues) ?? Math.Min(1, most ?? 1);
        var count = depth > Deepest / 2 ? least : least + dice.Below(Math.Max(0, (most ?? Math.Max(least, 3)) - least) + 1);
        if (shape.TryGetProperty("items", out var items))
        {
            for (var item = 0; item < count && left > 0; item++)
                value.Add(Value(items, depth + 1));
        }

        return value;
    }

    private JsonNode String(JsonElement shape)
    {
        var format = shape.TryGetProperty("format", out var named) ? Text(named) : "";
        var text = format switch
        {
            "date" => $"2025-{1 + dice.Below(12):00}-{1 + dice.Below(28):00}",
            "date-time" => $"2025-{1 + dice.Below(12):00}-{1 + dice.Below(28):00}T{dice.Below(24):00}:00:00Z",
            "time" => $"{dice.Below(24):00}:{dice.Below(60):00}:00",
            "email" => $"{topic.Word()}@example.com",
            "uri" or "url" => $"https://example.com/{topic.Word()}",
            "uuid" => $"{(uint)dice.Next():x8}-0000-4000-8000-{dice.Next() % (1UL << 48):x12}",
            _ => $"{topic.Word()} {topic.Word()}",
        };
        text = text.PadRight(Size(shape, "minLength", LongestText) ?? 0, '.');
        return Size(shape, "maxLength", LongestText) is { } most && text.Length > most ? text[..most] : text;
    }

    private JsonNode Integer(JsonElement shape)
    {
        var (least, most) = (LeastWhole(shape), MostWhole(shape));
        var from = least ?? (most is { } limit && limit < 1 ? limit : 1);
        return from + dice.Below((int)Math.Clamp((most ?? from + 99) - from + 1, 1, 1_000));
    }

    // A whole one, unless there is none between the bounds.
    private JsonNode Number(JsonElement shape) =>
        LeastWhole(shape) <= MostWhole(shape)
        || (Bound(shape, "minimum") ?? Bound(shape, "exclusiveMinimum")) is not { } from
        || (Bound(shape, "maximum") ?? Bound(shape, "exclusiveMaximum")) is not { } to
            ? Integer(shape)
            : (from + to) / 2;

    private static long? LeastWhole(JsonElement shape) =>
        Bound(shape, "minimum") is { } from ? (long)Math.Ceiling(from)
        : Bound(shape, "exclusiveMinimum") is { } above ? (long)Math.Floor(above) + 1
        : null;

    private static long? MostWhole(JsonElement shape) =>
        Bound(shape, "maximum") is { } to ? (long)Math.Floor(to)
        : Bound(shape, "exclusiveMaximum") is { } below ? (long)Math.Ceiling(below) - 1
        : null;

    private static double? Bound(JsonElement shape, string name) =>
        shape.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? Math.Clamp(bound.GetDouble(), -1e12, 1e12) : null;

    private static int? Size(JsonElement shape, string name, int most) => Bound(shape, name) is { } size ? (int)Math.Clamp(Math.Ceiling(size), 0, most) : null;

    private JsonElement? Resolve(string reference)
    {
        var found = schema!.Value;
        if (!reference.StartsWith('#') || !Spend(reference.Length))
            return null;
        foreach (var name in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                return null;
        }

        return found;
    }
}
