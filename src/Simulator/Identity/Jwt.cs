using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>JSON Web Tokens in their compact form.</summary>
internal static class Jwt
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <param name="keyId">What the header says, which may be a lie.</param>
    public static string Sign(SigningKey key, string algorithm, string keyId, JsonObject claims)
    {
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = algorithm, ["kid"] = keyId };
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Encode(key.Sign(algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Whether a bearer wants to be a token rather than a key: keys have no dots.</summary>
    public static bool IsLike(ReadOnlySpan<char> bearer) => bearer.Count('.') >= 2 || bearer.StartsWith("eyJ");

    /// <summary>One of the JSON parts of a token, or null if it is none.</summary>
    public static JsonDocument? Read(ReadOnlySpan<char> part)
    {
        if (Decode(part) is not { } bytes)
            return null;
        try
        {
            var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object && Operations.JsonText.IsWhole(document, bytes))
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static byte[]? Decode(ReadOnlySpan<char> part)
    {
        // Padding and white space are no part of a token; the decoder would take them.
        if (part.ContainsAny("= \t\r\n") || !Base64Url.IsValid(part))
            return null;
        return Base64Url.DecodeFromChars(part);
    }

    public static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A time in seconds since 1970, with or without a fraction.</summary>
    public static double? Seconds(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) ? seconds : null;
}
