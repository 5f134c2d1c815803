using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations.Completions;

internal static class CompletionsBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="all">Also those that are generated but not sent: they are billed.</param>
    public static ReadOnlyMemory<byte> Write(Call call, CompletionsRequest request, IReadOnlyList<Choice> all)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("id"u8, AnswerId.Of("cmpl-", call.Entry.Id));
        json.WriteString("object"u8, "text_completion");
        json.WriteNumber("created"u8, call.Now);
        json.WriteString("model"u8, call.Model.Answers);
        json.WritePropertyName(call.ApiVersion.IsOfOldShape ? "prompt_annotations"u8 : "prompt_filter_results"u8);
        json.WriteRawValue(PromptResults(request.Prompts.Count, call), skipInputValidation: true);
        json.WriteStartArray("choices"u8);
        for (var prompt = 0; prompt < request.Prompts.Count; prompt++)
        {
            for (var choice = 0; choice < request.Choices; choice++)
                WriteChoice(json, request, prompt, all[prompt * request.BestOf + choice], prompt * request.Choices + choice);
        }

        json.WriteEndArray();
        if (call.Outlet.FaultKind != FaultKind.NoUsage)
        {
            json.WritePropertyName("usage"u8);
            Usage.Of(request.PromptTokens, all).Under(call.Outlet.FaultKind).Write(json, call.ApiVersion);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static string PromptResults(int prompts, Call call)
    {
        var results = call.ApiVersion.IsOfOldShape ? FilterResults.Safe : FilterResults.SafePrompt;
        return $"[{string.Join(',', Enumerable.Range(0, prompts).Select(index => $$"""{"prompt_index":{{index}},"content_filter_results":{{results}}}"""))}]";
    }

    private static void WriteChoice(Utf8JsonWriter json, CompletionsRequest request, int prompt, Choice choice, int index)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, request.Echo ? request.Prompts[prompt].Text + choice.Content : choice.Content);
        json.WriteNumber("index"u8, index);
        json.WriteString("finish_reason"u8, choice.FinishReason);
        json.WriteNull("logprobs"u8);
        json.WritePropertyName("content_filter_results"u8);
        json.WriteRawValue(choice.IsFiltered ? FilterResults.Blocked : FilterResults.Safe, skipInputValidation: true);
        json.WriteEndObject();
    }
}
