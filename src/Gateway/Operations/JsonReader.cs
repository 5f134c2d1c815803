using System.Text.Json;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>
/// <see cref="Utf8JsonReader"/>, quick over long texts. That reader goes through a string byte by byte from its first escape on, and every
/// prompt has some: line ends and quotes. Here the value of a field that is a long string is searched for its end many bytes at a time, and
/// the reader goes on behind it. What it does not understand it leaves to that reader, so that one grammar says what JSON is.
/// </summary>
/// <param name="json">The whole text.</param>
/// <param name="maxDepth">How deep objects and arrays may nest.</param>
internal ref struct JsonReader(ReadOnlySpan<byte> json, int maxDepth)
{
    // Below that the reader's own way is the faster one: going on behind a string costs as much as some 100 bytes of it.
    private const int LongText = 256;

    private readonly ReadOnlySpan<byte> json = json;
    private Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = maxDepth });

    // Where what the reader reads begins.
    private int readFrom;

    // The text that was passed over: its opening quote, and where the reader goes on. Only while it is what was read last.
    private int textStart = -1;
    private bool textIsEscaped;

    public readonly JsonTokenType TokenType => reader.TokenType;

    /// <summary>Where the token begins; for a string that is its opening quote.</summary>
    public readonly int TokenStart => textStart >= 0 ? textStart : readFrom + (int)reader.TokenStartIndex;

    /// <summary>Behind the token, and behind the colon of a name.</summary>
    public readonly int Consumed => readFrom + (int)reader.BytesConsumed;

    /// <summary>The token as it stands there; of a string what is between its quotes.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => textStart >= 0 ? json[(textStart + 1)..(readFrom - 1)] : reader.ValueSpan;

    public readonly bool ValueIsEscaped => textStart >= 0 ? textIsEscaped : reader.ValueIsEscaped;

    /// <exception cref="JsonException">It is no JSON, or nests too deep.</exception>
    public bool Read()
    {
        textStart = -1;
        return (reader.TokenType == JsonTokenType.PropertyName && PassText()) || reader.Read();
    }

    /// <summary>To the end of the object or array that begins here; past the value of the name that stands here.</summary>
    /// <inheritdoc cref="Read"/>
    public void Skip()
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
            Read();
        if (textStart < 0)
            reader.Skip();
    }

    /// <param name="text">At most 40 characters: a text that was passed over has more, however it is written.</param>
    /// <exception cref="InvalidOperationException">The token has escapes that are no text.</exception>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> text) => textStart < 0 && reader.ValueTextEquals(text);

    /// <inheritdoc cref="Utf8JsonReader.GetString"/>
    public readonly string? GetString()
    {
        if (textStart < 0)
            return reader.GetString();
        var text = new Utf8JsonReader(json[textStart..readFrom]);
        text.Read();
        return text.GetString();
    }

    /// <inheritdoc cref="Utf8JsonReader.TryGetInt64"/>
    public readonly bool TryGetInt64(out long number) => reader.TryGetInt64(out number);

    /// <inheritdoc cref="Utf8JsonReader.TryGetDouble"/>
    public readonly bool TryGetDouble(out double number) => reader.TryGetDouble(out number);

    /// <returns>Whether a long string came next, and was passed over.</returns>
    private bool PassText()
    {
        var start = Consumed;
        if (json.Length - start <= LongText)
            return false;
        while (start < json.Length && json[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            start++;
        if (start == json.Length || json[start] != '"' || JsonText.LengthOf(json[(start + 1)..], out var isEscaped) is not (>= LongText and var length))
            return false;
        // To the reader, the string was empty.
        var empty = new Utf8JsonReader("\"\""u8, isFinalBlock: false, reader.CurrentState);
        empty.Read();
        (textStart, textIsEscaped, readFrom) = (start, isEscaped, start + length + 2);
        reader = new Utf8JsonReader(json[readFrom..], isFinalBlock: true, empty.CurrentState);
        return true;
    }
}
