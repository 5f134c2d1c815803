using System.Runtime.InteropServices;
using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Faults;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>What a request has used, and how it is written.</summary>
/// <param name="CompletionTokens">All of them, reasoning and rejected ones included.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Usage(long PromptTokens, long CompletionTokens, long ReasoningTokens, long AcceptedTokens, long RejectedTokens)
{
    public static Usage Of(long promptTokens, IReadOnlyList<Choice> choices) => new(
        promptTokens, choices.Sum(choice => choice.Tokens), choices.Sum(choice => choice.ReasoningTokens),
        choices.Sum(choice => choice.AcceptedTokens), choices.Sum(choice => choice.RejectedTokens));

    public Usage Under(FaultKind? fault) => fault == FaultKind.ZeroUsage ? default : this;

    /// <summary>As the value of <c>usage</c>; the details came with 2024-09-01-preview.</summary>
    public void Write(Utf8JsonWriter json, ApiVersion version)
    {
        var hasDetails = version.IsSince("2024-09-01");
        json.WriteStartObject();
        json.WriteNumber("completion_tokens"u8, CompletionTokens);
        if (hasDetails)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("accepted_prediction_tokens"u8, AcceptedTokens);
            json.WriteNumber("audio_tokens"u8, 0);
            json.WriteNumber("reasoning_tokens"u8, ReasoningTokens);
            json.WriteNumber("rejected_prediction_tokens"u8, RejectedTokens);
            json.WriteEndObject();
        }

        json.WriteNumber("prompt_tokens"u8, PromptTokens);
        if (hasDetails)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("audio_tokens"u8, 0);
            json.WriteNumber("cached_tokens"u8, 0);
            json.WriteEndObject();
        }

        json.WriteNumber("total_tokens"u8, PromptTokens + CompletionTokens);
        json.WriteEndObject();
    }
}
