using System.Text.Json;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>The prompts of a completion or the inputs of an embedding: a text, a list of texts, a list of tokens, or a list of such lists.</summary>
internal static class Prompts
{
    /// <summary>A list of texts, or of lists of tokens, is many prompts; a list of tokens is one, and so is anything else: the caller counts one where none is counted here.</summary>
    public static void Read(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            size.AddText(ref reader);
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray)
                size.Prompts++;
            if (reader.TokenType == JsonTokenType.StartArray)
                ReadTokens(ref reader, ref size);
            else
                ReadTokenOrText(ref reader, ref size);
        }
    }

    private static void ReadTokens(ref JsonReader reader, ref SizeCounter size)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            ReadTokenOrText(ref reader, ref size);
    }

    private static void ReadTokenOrText(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType == JsonTokenType.Number)
            size.TokenNumbers++;
        else
            size.AddText(ref reader);
    }
}
