using System.Text.Json;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Names, their order, and types of a JSON value, without its values. Equal neighbours in an array are one.</summary>
internal static class Shape
{
    public static string Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", element.EnumerateObject().Select(property => $"{property.Name}:{Of(property.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", Collapse(element.EnumerateArray().Select(Of))) + "]",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "number",
        _ => "string",
    };

    public static IEnumerable<string> Collapse(IEnumerable<string> shapes)
    {
        string? last = null;
        foreach (var shape in shapes)
        {
            if (shape != last)
                yield return shape;
            last = shape;
        }
    }
}
