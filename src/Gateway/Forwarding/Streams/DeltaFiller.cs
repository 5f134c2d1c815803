using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>Gives choices that end without a delta an empty one: clients read the reason from the same chunk as the text.</summary>
internal static class DeltaFiller
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="data">A chunk with choices, all of them objects or not.</param>
    /// <returns>False where it is none after all, or has a text that is none; then nothing was written.</returns>
    public static bool TryWriteEvent(IBufferWriter<byte> writer, ReadOnlyMemory<byte> data)
    {
        var filled = new ArrayBufferWriter<byte>(data.Length + 16);
        try
        {
            var chunk = JsonNode.Parse(data.Span)!;
            foreach (var choice in chunk["choices"]!.AsArray().OfType<JsonObject>())
                choice.TryAdd("delta", new JsonObject());
            using var json = new Utf8JsonWriter(filled, Readable);
            chunk.WriteTo(json);
        }
        // Not JSON to its end; a field twice; half a surrogate pair.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
        writer.Write("data: "u8);
        writer.Write(filled.WrittenSpan);
        writer.Write("\n\n"u8);
        return true;
    }
}
