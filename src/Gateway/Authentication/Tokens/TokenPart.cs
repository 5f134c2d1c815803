using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>Header or claims of a token: one JSON object. Asking for a member that has another type than asked for is remembered.</summary>
internal sealed class TokenPart : IDisposable
{
    // Names that stand twice are read as the first by some and as the last by others; Entra ID's claims go three deep.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly JsonDocument document;

    private TokenPart(JsonDocument document) => this.document = document;

    /// <summary>The first thing that was not as it must be; null where all was.</summary>
    public string? Fault { get; private set; }

    public static bool TryRead(string text, [NotNullWhen(true)] out TokenPart? read)
    {
        read = null;
        if (!Base64UrlText.TryDecode(text, out var bytes) || !Utf8.IsValid(bytes))
            return false;
        try
        {
            var part = new TokenPart(JsonDocument.Parse(bytes, Strict));
            if (part.document.RootElement.ValueKind == JsonValueKind.Object)
                read = part;
            else
                part.Dispose();
            return read is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A name with half a surrogate pair is an invalid operation.
            return false;
        }
    }

    public bool Has(string name) => document.RootElement.TryGetProperty(name, out _);

    public bool Has(string name, string inner) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object && value.TryGetProperty(inner, out _);

    /// <summary>True, or the word: Entra ID writes either.</summary>
    public bool IsTrue(string name) => document.RootElement.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true"u8)));

    public string? Text(string name)
    {
        if (!document.RootElement.TryGetProperty(name, out var value))
            return null;
        return TextOf(value) ?? Wrong<string>(name, "text");
    }

    /// <summary>One text or a list of them.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!document.RootElement.TryGetProperty(name, out var value))
            return [];
        if (TextOf(value) is { } single)
            return [single];
        if (value.ValueKind != JsonValueKind.Array)
            return Wrong<IReadOnlyList<string>>(name, "text or a list of texts") ?? [];
        var texts = new List<string>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
            if (TextOf(element) is { } text)
                texts.Add(text);
            else
                return Wrong<IReadOnlyList<string>>(name, "text or a list of texts") ?? [];
        return texts;
    }

    /// <summary>A moment in seconds since 1970.</summary>
    public long? Seconds(string name)
    {
        if (!document.RootElement.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds))
            return seconds;
        Wrong<object>(name, "a whole number of seconds");
        return null;
    }

    public void Dispose() => document.Dispose();

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            return null;
        }
    }

    private T? Wrong<T>(string name, string takes)
        where T : class
    {
        Fault ??= $"'{name}' is not {takes}";
        return null;
    }
}
