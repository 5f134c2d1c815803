using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>A whole chat answer: fields in the order of the service, which since 2024 is that of the alphabet.</summary>
internal static class ChatBody
{
    // As the service does: letters of other scripts as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(Call call, ChatRequest request, IReadOnlyList<Choice> choices)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        if (call.ApiVersion.IsOfOldShape)
        {
            WriteHead(json, call);
            json.WritePropertyName("prompt_annotations"u8);
            json.WriteRawValue(Prompt(FilterResults.Safe), skipInputValidation: true);
            WriteChoices(json, call, request, choices);
        }
        else
        {
            WriteChoices(json, call, request, choices);
            WriteHead(json, call);
            json.WritePropertyName("prompt_filter_results"u8);
            json.WriteRawValue(Prompt(FilterResults.SafePrompt), skipInputValidation: true);
            json.WriteString("system_fingerprint"u8, call.Deployment.Fingerprint);
        }

        if (call.Outlet.FaultKind != FaultKind.NoUsage)
        {
            json.WritePropertyName("usage"u8);
            Usage.Of(request.PromptTokens, choices).Under(call.Outlet.FaultKind).Write(json, call.ApiVersion);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string Prompt(string results) => $$"""[{"prompt_index":0,"content_filter_results":{{results}}}]""";

    private static void WriteHead(Utf8JsonWriter json, Call call)
    {
        if (!call.ApiVersion.IsOfOldShape)
            json.WriteNumber("created"u8, call.Now);
        json.WriteString("id"u8, AnswerId.Of("chatcmpl-", call.Entry.Id));
        if (!call.ApiVersion.IsOfOldShape)
            json.WriteString("model"u8, call.Model.Answers);
        json.WriteString("object"u8, call.Operation.IsExtension ? "extensions.chat.completion" : "chat.completion");
        if (!call.ApiVersion.IsOfOldShape)
            return;
        json.WriteNumber("created"u8, call.Now);
        json.WriteString("model"u8, call.Model.Answers);
    }

    private static void WriteChoices(Utf8JsonWriter json, Call call, ChatRequest request, IReadOnlyList<Choice> choices)
    {
        json.WriteStartArray("choices"u8);
        foreach (var choice in choices)
        {
            json.WriteStartObject();
            if (call.Operation.IsExtension)
                WriteExtended(json, choice);
            else if (call.ApiVersion.IsOfOldShape)
                WriteOld(json, choice);
            else
                WriteNew(json, request, choice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNew(Utf8JsonWriter json, ChatRequest request, Choice choice)
    {
        WriteFilter(json, choice);
        json.WriteString("finish_reason"u8, choice.FinishReason);
        json.WriteNumber("index"u8, choice.Index);
        json.WriteNull("logprobs"u8);
        json.WriteStartObject("message"u8);
        json.WriteString("content"u8, choice.Content);
        WriteFunctionCall(json, choice);
        json.WriteNull("refusal"u8);
        json.WriteString("role"u8, "assistant");
        WriteToolCalls(json, choice);
        if (request.SearchesData)
        {
            json.WritePropertyName("context"u8);
            json.WriteRawValue(ExtensionTool.Context, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private static void WriteOld(Utf8JsonWriter json, Choice choice)
    {
        json.WriteNumber("index"u8, choice.Index);
        json.WriteString("finish_reason"u8, choice.FinishReason);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant");
        if (choice.Content is { } content)
            json.WriteString("content"u8, content);
        WriteFunctionCall(json, choice);
        WriteToolCalls(json, choice);
        json.WriteEndObject();
        WriteFilter(json, choice);
    }

    private static void WriteExtended(Utf8JsonWriter json, Choice choice)
    {
        json.WriteNumber("index"u8, choice.Index);
        json.WriteStartArray("messages"u8);
        json.WriteStartObject();
        json.WriteString("role"u8, "tool");
        json.WriteString("content"u8, ExtensionTool.Content);
        json.WriteBoolean("end_turn"u8, false);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant");
        json.WriteString("content"u8, choice.Content ?? "");
        json.WriteBoolean("end_turn"u8, true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteFilter(Utf8JsonWriter json, Choice choice)
    {
        json.WritePropertyName("content_filter_results"u8);
        // Calls are not text and are not filtered.
        json.WriteRawValue(choice.Content is null ? "{}" : choice.IsFiltered ? FilterResults.Blocked : FilterResults.Safe, skipInputValidation: true);
    }

    private static void WriteFunctionCall(Utf8JsonWriter json, Choice choice)
    {
        if (choice.Segments is not [{ Kind: SegmentKind.FunctionCall } call])
            return;
        json.WriteStartObject("function_call"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Text);
        json.WriteEndObject();
    }

    private static void WriteToolCalls(Utf8JsonWriter json, Choice choice)
    {
        if (choice.Segments is not [{ Kind: SegmentKind.ToolCall }, ..])
            return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in choice.Segments)
        {
            json.WriteStartObject();
            json.WriteStartObject("function"u8);
            json.WriteString("arguments"u8, call.Text);
            json.WriteString("name"u8, call.Name);
            json.WriteEndObject();
            json.WriteString("id"u8, call.CallId);
            json.WriteString("type"u8, "function");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
