using System.Text.Json;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>The messages of a chat. What is of the wrong type counts as the text that it is; the backend complains of it.</summary>
internal static class Messages
{
    public static void Read(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            size.AddText(ref reader);
            return;
        }
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; size.Messages++)
            ReadMessage(ref reader, ref size);
    }

    private static void ReadMessage(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            size.AddText(ref reader);
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadField(ref reader, ref size);
    }

    private static void ReadField(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            ReadContent(ref reader, ref size);
            return;
        }
        var isName = reader.ValueTextEquals("name"u8);
        // What an earlier answer said, by its id.
        var isAudio = reader.ValueTextEquals("audio"u8);
        if (!isName && !isAudio && !IsText(ref reader))
        {
            size.AddField(ref reader);
            return;
        }
        reader.Read();
        if (isName && reader.TokenType != JsonTokenType.Null)
            size.Names++;
        if (isAudio && reader.TokenType != JsonTokenType.Null)
        {
            size.IsOpaque = true;
            size.Unpriced ??= "audio";
        }
        size.AddText(ref reader);
    }

    // A call's JSON is longer than what the model reads of it.
    private static bool IsText(ref JsonReader reader) =>
        reader.ValueTextEquals("role"u8) || reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("tool_call_id"u8)
        || reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("refusal"u8);

    private static void ReadContent(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadPart(ref reader, ref size);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            size.AddText(ref reader);
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            ReadPart(ref reader, ref size);
    }

    private static void ReadPart(ref JsonReader reader, ref SizeCounter size)
    {
        size.Parts++;
        if (reader.TokenType == JsonTokenType.StartObject)
            ContentPart.Read(ref reader, ref size);
        else
            size.AddText(ref reader);
    }
}
