using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>The fields of a body that matter for its size and price only, and so may stand there twice: both are counted.</summary>
internal static class OtherFields
{
    // Those that hold text. Numbers and truths are not read by any model, whatever their name.
    private static readonly byte[][] Unread =
    [
        .. new[]
        {
            "user", "metadata", "logit_bias", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "encoding_format",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly (byte[] Name, OtherField Field)[] OfChats =
    [
        .. new (string Name, OtherField Field)[]
        {
            ("response_format", OtherField.Format), ("tool_choice", OtherField.Choice), ("functions", OtherField.Functions), ("function_call", OtherField.Choice),
            ("prediction", OtherField.Prediction), ("modalities", OtherField.Modalities), ("audio", OtherField.Voice),
            ("data_sources", OtherField.Data), ("dataSources", OtherField.Data), ("web_search_options", OtherField.WebSearch), ("enhancements", OtherField.Enhancements),
        }.Select(f => (Encoding.UTF8.GetBytes(f.Name), f.Field)),
    ];

    public static OtherField Recognise(ref JsonReader reader, OperationSpec operation)
    {
        foreach (var name in Unread)
            if (reader.ValueTextEquals(name))
                return OtherField.Unread;
        if (reader.ValueTextEquals("service_tier"u8))
            return OtherField.Tier;
        if (operation.Input != Field.Messages)
            return OtherField.Text;
        foreach (var (name, field) in OfChats)
            if (reader.ValueTextEquals(name))
                return field;
        return OtherField.Text;
    }

    public static void Read(ref JsonReader reader, ref SizeCounter size, OtherField field)
    {
        switch (field)
        {
            case OtherField.Functions:
                Tools.ReadList(ref reader, ref size);
                return;
            case OtherField.Choice:
                Tools.ReadChoice(ref reader, ref size);
                return;
            case OtherField.Format:
                Tools.ReadFormat(ref reader, ref size);
                return;
            case OtherField.Prediction:
                size.AddPrediction(ref reader);
                return;
            case OtherField.Modalities:
                ReadModalities(ref reader, ref size);
                return;
            case OtherField.Text when reader.TokenType is JsonTokenType.String or JsonTokenType.StartObject or JsonTokenType.StartArray:
                size.AddText(ref reader);
                return;
            default:
                ReadPriced(ref reader, ref size, field);
                reader.Skip();
                return;
        }
    }

    private static void ReadPriced(ref JsonReader reader, ref SizeCounter size, OtherField field)
    {
        switch (field)
        {
            // auto is as the deployment is set, whose price the catalogue has; default is never dearer than that.
            // https://learn.microsoft.com/azure/ai-foundry/openai/concepts/priority-processing
            case OtherField.Tier when !IsPlain(ref reader, "auto"u8) && !IsPlain(ref reader, "default"u8):
                size.Unpriced ??= "service_tier";
                return;
            case OtherField.Voice:
                size.Unpriced ??= "audio";
                return;
            case OtherField.Data:
                (size.IsOpaque, size.SearchesData) = (true, true);
                size.Unpriced ??= "data_sources";
                return;
            case OtherField.WebSearch:
                size.IsOpaque = true;
                size.Unpriced ??= "web_search_options";
                return;
            case OtherField.Enhancements:
                size.IsOpaque = true;
                size.Unpriced ??= "enhancements";
                return;
        }
    }

    // A token of sound costs many times one of text.
    private static void ReadModalities(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            size.Unpriced ??= "modalities";
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!IsPlain(ref reader, "text"u8))
                size.Unpriced ??= "modalities";
            reader.Skip();
        }
    }

    // With an escape in it a value is not compared, as half a surrogate pair could not be: it is one that is not known.
    private static bool IsPlain(ref JsonReader reader, ReadOnlySpan<byte> value) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueTextEquals(value);
}
