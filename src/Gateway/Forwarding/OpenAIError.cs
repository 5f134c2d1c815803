using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Writes an error of Azure's with all four keys of OpenAI's error object, which strict clients look for; what else is in it stays.</summary>
internal static class OpenAIError
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="data">An object with an <c>error</c> in it.</param>
    /// <returns>False where it is none after all, or has a text that is none; then nothing was written.</returns>
    public static bool TryWriteEvent(IBufferWriter<byte> writer, ReadOnlyMemory<byte> data)
    {
        using var document = Parse(data);
        if (document is null || !TryCompose(document, status: 500, out var composed))
            return false;
        writer.Write("data: "u8);
        writer.Write(composed.WrittenSpan);
        writer.Write("\n\n"u8);
        return true;
    }

    /// <param name="body">An object with an <c>error</c> in it, or whatever else came in its place.</param>
    /// <param name="status">Of the answer; decides the type where the error has none.</param>
    /// <returns>False where it has a text that is none; then nothing was written.</returns>
    public static bool TryWrite(IBufferWriter<byte> writer, ReadOnlyMemory<byte> body, int status)
    {
        using var document = Parse(body);
        if (!TryCompose(document, status, out var composed))
            return false;
        writer.Write(composed.WrittenSpan);
        return true;
    }

    /// <returns>Null where it has no such field, or one that is neither a text nor a number.</returns>
    public static string? TextOf(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
            return null;
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, but no text.
            return null;
        }
    }

    private static bool TryCompose(JsonDocument? document, int status, out ArrayBufferWriter<byte> composed)
    {
        composed = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(composed, Readable);
            Write(json, document, status);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair where nothing else can take its place.
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonDocument? document, int status)
    {
        var error = document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var found) ? found : default;
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, TextOf(error, "message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString() : null)
            ?? TextOf(document?.RootElement ?? default, "message") ?? "The model's backend did not accept the request and did not say why.");
        json.WriteString("type"u8, TextOf(error, "type") ?? (status >= 500 ? "server_error" : "invalid_request_error"));
        json.WriteString("param"u8, TextOf(error, "param"));
        json.WriteString("code"u8, TextOf(error, "code") ?? (error.ValueKind == JsonValueKind.Object ? null : $"{status}"));
        if (error.ValueKind == JsonValueKind.Object)
            foreach (var property in error.EnumerateObject().Where(p => p.Name is not ("message" or "type" or "param" or "code")))
                property.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
