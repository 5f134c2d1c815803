using System.Text.Json;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Recognises a stream that was accepted with 200 and then begins with the news that the model is overloaded.</summary>
internal static class Overload
{
    // As Azure and OpenAI have written it since 2023; the rest of the sentence names a request id.
    private const string Beginning = "That model is currently overloaded with other requests";

    /// <summary>Looks at the first event of a stream, which stays to be read.</summary>
    public static async ValueTask<bool> IsFirstEventAsync(BackendAnswer answer)
    {
        var data = await answer.PeekFirstEventAsync();
        return Chunk.Read(data.Span).IsError && IsOverload(data);
    }

    private static bool IsOverload(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
                && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                && message.GetString()!.StartsWith(Beginning, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON behind its error, or half a surrogate pair in it, which is JSON, but no text.
            return false;
        }
    }
}
