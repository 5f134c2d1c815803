using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Control;

/// <summary>JSON that a test or a person has sent, as people write it: with comments, and with commas at the end.</summary>
internal static class SentJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>The value without the lines and comments of whoever wrote it, as a line of its own.</returns>
    public static string Compact(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
            value.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <param name="what">What it is, for example <c>the plan</c>.</param>
    /// <exception cref="WrongFieldException">It is not JSON, or has strings that are no text.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string what)
    {
        try
        {
            var document = JsonDocument.Parse(json, Lenient);
            return JsonText.IsWhole(document, json.Span) ? document : throw new WrongFieldException("", $"{what} has a string that is no text");
        }
        catch (JsonException unreadable)
        {
            throw new WrongFieldException("", $"{what} is not JSON: {unreadable.Message}");
        }
    }
}
