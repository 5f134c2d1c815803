using System.Text.Json;
using System.Text.Unicode;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>
/// Whether every string of a document is text. Bytes that are no UTF-8 and escapes of half a surrogate pair get past the parser, but nobody
/// can read them.
/// </summary>
internal static class JsonText
{
    public static bool IsWhole(JsonDocument document, ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        // Beside that only such escapes can break it, and hardly any body has one.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return true;
        try
        {
            Read(document.RootElement);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Read(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Read(property.Value);
                }
                break;
        }
    }
}
