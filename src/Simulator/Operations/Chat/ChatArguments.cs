using System.Collections.Frozen;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>The fields of a chat body, and the version each came with ("" is the first).</summary>
internal static class ChatArguments
{
    public static readonly FrozenDictionary<string, string> SinceByName = new Dictionary<string, string>
    {
        ["messages"] = "",
        ["model"] = "",
        ["temperature"] = "",
        ["top_p"] = "",
        ["n"] = "",
        ["stream"] = "",
        ["stop"] = "",
        ["max_tokens"] = "",
        ["presence_penalty"] = "",
        ["frequency_penalty"] = "",
        ["logit_bias"] = "",
        ["user"] = "",
        ["dataSources"] = "2023-06-01",
        ["functions"] = "2023-07-01",
        ["function_call"] = "2023-07-01",
        ["tools"] = "2023-12-01",
        ["tool_choice"] = "2023-12-01",
        ["response_format"] = "2023-12-01",
        ["seed"] = "2023-12-01",
        ["enhancements"] = "2023-12-01",
        ["logprobs"] = "2024-02-01",
        ["top_logprobs"] = "2024-02-01",
        ["data_sources"] = "2024-02-01",
        ["stream_options"] = "2024-09-01",
        ["max_completion_tokens"] = "2024-09-01",
        ["parallel_tool_calls"] = "2024-09-01",
        ["user_security_context"] = "2024-09-01",
        ["store"] = "2024-10-01",
        ["metadata"] = "2024-10-01",
        ["reasoning_effort"] = "2024-12-01",
        ["prediction"] = "2025-01-01",
        ["modalities"] = "2025-01-01",
        ["audio"] = "2025-01-01",
        ["service_tier"] = "2025-01-01",
        ["verbosity"] = "2025-04-01",
        ["prompt_cache_key"] = "2025-04-01",
        ["safety_identifier"] = "2025-04-01",
        ["web_search_options"] = "2025-04-01",
    }.ToFrozenDictionary();
}
