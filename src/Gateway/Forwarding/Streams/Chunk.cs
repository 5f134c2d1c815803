using System.Text.Json;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Operations.Sizes;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>What matters of one chunk of a streamed answer.</summary>
/// <param name="HasChoices">Whether there is a choice in it.</param>
/// <param name="Usage">As reported in it; null where it is not.</param>
internal readonly record struct Chunk(bool HasChoices, Usage? Usage, bool IsError)
{
    /// <summary>What is not understood is passed on as if it had choices: clients may know more than the gateway.</summary>
    private static readonly Chunk Opaque = new(HasChoices: true, Usage: null, IsError: false);

    /// <summary>Whether its choices have neither a delta nor a text: the content filter speaks, not the model.</summary>
    public bool LacksDelta { get; init; }

    /// <summary>Whether a choice ends in it.</summary>
    public bool Finishes { get; init; }

    /// <summary>Bytes of the text that the model put out in it, calls of tools included; as JSON writes them.</summary>
    public int TextBytes { get; init; }

    /// <summary>Those of <see cref="TextBytes"/> above 0x7F.</summary>
    public int NonAsciiBytes { get; init; }

    /// <summary>Where <c>"usage":null</c> stands, with its comma; empty where it does not.</summary>
    public Range EmptyUsage { get; init; }

    public static Chunk Read(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return Opaque;
        var reader = new Utf8JsonReader(data);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader) : Opaque;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Opaque;
        }
    }

    private static Chunk ReadObject(ref Utf8JsonReader reader)
    {
        var chunk = default(Chunk);
        var first = (int)reader.BytesConsumed;
        // A field goes with the comma before it; the first one with the comma behind it.
        for (int previousEnd = first, emptyFirst = -1; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; previousEnd = (int)reader.BytesConsumed)
        {
            var nameStart = (int)reader.TokenStartIndex;
            if (emptyFirst >= 0)
                (chunk, emptyFirst) = (chunk with { EmptyUsage = emptyFirst..nameStart }, -1);
            var (isChoices, isUsage, isError) = (reader.ValueTextEquals("choices"u8), reader.ValueTextEquals("usage"u8), reader.ValueTextEquals("error"u8));
            reader.Read();
            if (isUsage && reader.TokenType == JsonTokenType.Null)
            {
                emptyFirst = previousEnd == first ? nameStart : -1;
                chunk = chunk with { EmptyUsage = (previousEnd == first ? nameStart : previousEnd)..(int)reader.BytesConsumed };
            }
            else if (isUsage)
                chunk = chunk with { Usage = UsageReader.Read(ref reader) };
            else if (isError)
                chunk = chunk with { IsError = reader.TokenType is not JsonTokenType.Null };
            else if (isChoices && reader.TokenType == JsonTokenType.StartArray)
                chunk = ReadChoices(ref reader, chunk);
            reader.Skip();
        }
        return chunk;
    }

    private static Chunk ReadChoices(ref Utf8JsonReader reader, Chunk chunk)
    {
        chunk = chunk with { LacksDelta = true };
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            chunk = chunk with { HasChoices = true };
            if (reader.TokenType == JsonTokenType.StartObject)
                chunk = ReadChoice(ref reader, chunk);
            else
                reader.Skip();
        }
        return chunk with { LacksDelta = chunk.HasChoices && chunk.LacksDelta };
    }

    private static Chunk ReadChoice(ref Utf8JsonReader reader, Chunk chunk)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isDelta, isFinish) = (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("text"u8), reader.ValueTextEquals("finish_reason"u8));
            reader.Read();
            if (isDelta)
                chunk = ReadText(ref reader, chunk with { LacksDelta = false });
            else if (isFinish && reader.TokenType != JsonTokenType.Null)
                chunk = chunk with { Finishes = true };
            reader.Skip();
        }
        return chunk;
    }

    // A completion's text itself, or in a delta what stands under names that the model fills.
    private static Chunk ReadText(ref Utf8JsonReader reader, Chunk chunk)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Add(chunk, reader.ValueSpan);
        if (reader.TokenType != JsonTokenType.StartObject)
            return chunk;
        var depth = reader.CurrentDepth;
        for (var isText = false; reader.Read() && reader.CurrentDepth > depth;)
            // What a search in the client's data found, whose texts have names like the model's: https://learn.microsoft.com/azure/ai-services/openai/references/on-your-data
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("context"u8))
                reader.Skip();
            else if (reader.TokenType == JsonTokenType.PropertyName)
                isText = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("name"u8);
            else if (isText && reader.TokenType == JsonTokenType.String)
                chunk = Add(chunk, reader.ValueSpan);
        return chunk;
    }

    private static Chunk Add(Chunk chunk, ReadOnlySpan<byte> text) =>
        chunk with { TextBytes = chunk.TextBytes + text.Length, NonAsciiBytes = chunk.NonAsciiBytes + NonAscii.Count(text) };
}
