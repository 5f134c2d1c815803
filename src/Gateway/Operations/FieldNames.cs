namespace OpenAIProxy.Gateway.Operations;

/// <summary>The names of the fields that the gateway reads.</summary>
internal static class FieldNames
{
    /// <summary>Which field the reader stands on; what an operation does not have is just another field.</summary>
    public static Field Recognise(ref JsonReader reader, OperationSpec operation)
    {
        if (reader.ValueTextEquals("model"u8))
            return Field.Model;
        if (operation.CanStream && RecogniseStreaming(ref reader) is var streaming and not Field.Other)
            return streaming;
        if (operation.HasOutput && RecogniseOutput(ref reader) is var output and not Field.Other)
            return output;
        return RecogniseInput(ref reader, operation.Input);
    }

    public static string Of(Field field) => field switch
    {
        Field.Model => "model",
        Field.Stream => "stream",
        Field.StreamOptions => "stream_options",
        Field.MaxTokens => "max_tokens",
        Field.MaxCompletionTokens => "max_completion_tokens",
        Field.N => "n",
        Field.BestOf => "best_of",
        Field.Messages => "messages",
        Field.Prompt => "prompt",
        Field.Input => "input",
        Field.Tools => "tools",
        Field.Stop => "stop",
        Field.StopSequence => "stop_sequence",
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static Field RecogniseInput(ref JsonReader reader, Field input)
    {
        if (input == Field.Messages && reader.ValueTextEquals("tools"u8))
            return Field.Tools;
        var name = input switch { Field.Messages => "messages"u8, Field.Prompt => "prompt"u8, _ => "input"u8 };
        return reader.ValueTextEquals(name) ? input : Field.Other;
    }

    private static Field RecogniseStreaming(ref JsonReader reader)
    {
        if (reader.ValueTextEquals("stream"u8))
            return Field.Stream;
        return reader.ValueTextEquals("stream_options"u8) ? Field.StreamOptions : Field.Other;
    }

    private static Field RecogniseOutput(ref JsonReader reader)
    {
        if (reader.ValueTextEquals("max_tokens"u8))
            return Field.MaxTokens;
        if (reader.ValueTextEquals("max_completion_tokens"u8))
            return Field.MaxCompletionTokens;
        if (reader.ValueTextEquals("n"u8))
            return Field.N;
        if (reader.ValueTextEquals("best_of"u8))
            return Field.BestOf;
        if (reader.ValueTextEquals("stop"u8))
            return Field.Stop;
        return reader.ValueTextEquals("stop_sequence"u8) ? Field.StopSequence : Field.Other;
    }
}
