using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpenAIProxy.Gateway.Operations.Sizes;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>
/// Finds the fields the gateway must know in a body, in one pass and without changing it. Names are compared as JSON means
/// them, so no field can hide behind an escape; and a field that matters may stand there once only, because two readers of
/// a duplicate may disagree on which one counts.
/// </summary>
internal static class CallScanner
{
    /// <summary>How deep objects and arrays may nest; the JSON schemas of tools are the deepest thing that clients send.</summary>
    public const int MaxDepth = 64;

    /// <returns>What is wrong with the body, or null.</returns>
    public static Refusal? Scan(Call call)
    {
        var body = call.Body.Span;
        // Most bodies are, and to see it is the faster of the two. Nothing in them need be looked at for other bytes then.
        var isAscii = Ascii.IsValid(body);
        if (!isAscii && !Utf8.IsValid(body))
            return Refuse.NotJson("it is not UTF-8");
        var reader = new JsonReader(body, MaxDepth);
        try
        {
            return ScanObject(ref reader, call, new SizeCounter(body, isAscii));
        }
        catch (InvalidOperationException)
        {
            // Escapes of half a surrogate pair are JSON, but no text: such a name cannot be compared with any.
            return Refuse.NotJson("a name in it is no valid Unicode text");
        }
        catch (JsonException)
        {
            return FlawIn(body);
        }
    }

    // What it passes over, the reader does not count: the place is found by one that reads everything.
    private static Refusal FlawIn(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
            return Refuse.NotJson("it is malformed");
        }
        catch (JsonException e)
        {
            // The exception's own message quotes the body; its position does not.
            // CurrentDepth does not count an object or array that has just begun.
            var depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
            return Refuse.NotJson(depth >= MaxDepth
                ? $"it nests deeper than {MaxDepth} levels"
                : $"it breaks off or is malformed at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static Refusal? ScanObject(ref JsonReader reader, Call call, SizeCounter size)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Refuse.NotJson("it is not an object");
        call.ObjectStart = reader.Consumed;

        var numbers = new Numbers();
        var last = Field.Other;
        var lastEnd = call.ObjectStart;
        for (; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; call.FieldCount++)
        {
            var field = FieldNames.Recognise(ref reader, call.Operation);
            if (call.Fields.Has(field))
                return Refuse.Duplicate(FieldNames.Of(field));
            var nameStart = reader.TokenStart;
            var nameEnd = nameStart + reader.ValueSpan.Length + 2;
            if (last != Field.Other)
                call.Fields.SetNext(last, nameStart);

            var other = field == Field.Other ? OtherFields.Recognise(ref reader, call.Operation) : OtherField.Unread;
            reader.Read();
            var (isNull, valueStart) = (reader.TokenType == JsonTokenType.Null, reader.TokenStart);
            if (!isNull && field == Field.Other)
                OtherFields.Read(ref reader, ref size, other);
            else if (!isNull && ReadValue(ref reader, field, call, ref numbers, ref size) is { } refusal)
                return refusal;

            var valueEnd = reader.Consumed;
            if (field != Field.Other)
                call.Fields.Add(field, new JsonField(isNull, call.FieldCount, lastEnd, nameStart, nameEnd, valueStart, valueEnd));
            (last, lastEnd) = (field, valueEnd);
        }
        // Only white space may follow; anything else throws here.
        while (reader.Read())
        {
        }
        // No prompt is an empty one.
        if (call.Operation.Input != Field.Messages)
            size.Prompts = Math.Max(size.Prompts, 1);
        call.OutputAsked = numbers.LeastLimit;
        call.Choices = numbers.ChoicesOf(call.Operation.HasPrompts ? size.Prompts : 1);
        (call.Size, call.Unpriced) = (size.Size, size.Unpriced);
        return null;
    }

    private static Refusal? ReadValue(ref JsonReader reader, Field field, Call call, ref Numbers numbers, ref SizeCounter size)
    {
        switch (field)
        {
            case Field.Model:
                return ReadModel(ref reader, call);
            case Field.Stream:
                call.Streaming = reader.TokenType == JsonTokenType.True;
                return IsBoolean(ref reader) ? null : Refuse.WrongValue("stream", "true or false");
            case Field.StreamOptions:
                return ReadStreamOptions(ref reader, call);
            case Field.MaxTokens or Field.MaxCompletionTokens or Field.N or Field.BestOf:
                return numbers.Read(ref reader, field);
            case Field.Messages:
                Messages.Read(ref reader, ref size);
                return null;
            case Field.Prompt or Field.Input:
                Prompts.Read(ref reader, ref size);
                return null;
            case Field.Tools:
                Tools.ReadList(ref reader, ref size);
                return null;
            default:
                reader.Skip();
                return null;
        }
    }

    private static Refusal? ReadModel(ref JsonReader reader, Call call)
    {
        if (reader.TokenType != JsonTokenType.String)
            return Refuse.WrongValue("model", "a string");
        try
        {
            call.Model = reader.GetString();
            return null;
        }
        catch (InvalidOperationException)
        {
            // Escapes of half a surrogate pair are JSON, but no text.
            return Refuse.WrongValue("model", "the name of a model");
        }
    }

    private static Refusal? ReadStreamOptions(ref JsonReader reader, Call call)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Refuse.WrongValue("stream_options", "an object");
        var objectStart = reader.Consumed;
        for (; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; call.StreamOptionCount++)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            var nameStart = reader.TokenStart;
            reader.Read();
            if (!isUsage)
            {
                reader.Skip();
                continue;
            }
            if (call.IncludeUsage.IsPresent)
                return Refuse.Duplicate("stream_options.include_usage");
            var isNull = reader.TokenType == JsonTokenType.Null;
            if (!isNull && !IsBoolean(ref reader))
                return Refuse.WrongValue("stream_options.include_usage", "true or false");
            call.AsksForUsage = reader.TokenType == JsonTokenType.True;
            call.IncludeUsage = new JsonField(isNull, call.StreamOptionCount, objectStart, nameStart, nameStart, reader.TokenStart, reader.Consumed);
        }
        return null;
    }

    private static bool IsBoolean(ref JsonReader reader) => reader.TokenType is JsonTokenType.True or JsonTokenType.False;
}
