using System.Text.Json;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>What the model is told of tools, functions and the schema of its answer.</summary>
internal static class Tools
{
    public static void ReadList(ref JsonReader reader, ref SizeCounter size)
    {
        var start = reader.TokenStart;
        var count = reader.TokenType == JsonTokenType.StartArray ? CountItems(ref reader) : 1;
        reader.Skip();
        if (count == 0)
            return;
        size.Tools += count;
        size.ToolBytes += reader.Consumed - start;
    }

    public static void ReadChoice(ref JsonReader reader, ref SizeCounter size)
    {
        var start = reader.TokenStart;
        reader.Skip();
        size.ToolBytes += reader.Consumed - start;
    }

    /// <summary>A format that is more than a type has a schema, which is presented like a tool.</summary>
    public static void ReadFormat(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            size.AddText(ref reader);
            return;
        }
        var start = reader.TokenStart;
        var hasSchema = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            hasSchema |= !reader.ValueTextEquals("type"u8);
            reader.Read();
            reader.Skip();
        }
        if (!hasSchema)
            return;
        size.Tools++;
        size.ToolBytes += reader.Consumed - start;
    }

    private static long CountItems(ref JsonReader reader)
    {
        var count = 0L;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            reader.Skip();
        return count;
    }
}
