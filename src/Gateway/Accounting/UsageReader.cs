using System.Text.Json;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Accounting;

/// <summary>Reads a usage object in the shapes that Azure's operations report it.</summary>
internal static class UsageReader
{
    /// <summary>Reads the value that the reader stands on, to its end.</summary>
    /// <returns>The usage, or null where the value is none: no object, or one with numbers that cannot be.</returns>
    public static Usage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        long? input = null, output = null;
        long cached = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
                input = Number(ref reader);
            // Reasoning tokens and those rejected of a prediction are in it (https://platform.openai.com/docs/api-reference/chat/object): only their sum costs.
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
                output = Number(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
                cached = Detail(ref reader, "cached_tokens"u8);
            else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
                reasoning = Detail(ref reader, "reasoning_tokens"u8);
            else
                Next(ref reader);
        }
        if (input is null && output is null)
            return null;
        return Usage.Reported(input ?? 0, cached, output ?? 0, reasoning);
    }

    /// <returns>The usage in a usage object's text, or null where it is none.</returns>
    public static Usage? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return reader.Read() ? Read(ref reader) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name in it that is no text.
            return null;
        }
    }

    private static long Detail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        long value = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
                value = Number(ref reader) ?? 0;
            else
                Next(ref reader);
        }
        return value;
    }

    // No answer has a trillion tokens: what is beyond that, or below zero, is no count.
    private static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number is >= 0 and < 1_000_000_000_000)
            return number;
        reader.Skip();
        return null;
    }

    private static void Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
