namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Streams of every shape that Azure and OpenAI send, each as its events' data in order; the texts are ours.</summary>
internal static class StreamShapes
{
    private const string Safe = """{"hate":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}""";
    private const string Head = "\"created\":1700000000,\"id\":\"chatcmpl-1\",\"model\":\"gpt-4o-2024-08-06\",\"object\":\"chat.completion.chunk\"";

    private static readonly string Prompt = $$$"""{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{{{Safe}}}}]}""";

    public static readonly IReadOnlyDictionary<string, string[]> All = new Dictionary<string, string[]>
    {
        ["chat"] =
        [
            Prompt,
            $$$"""{"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],{{{Head}}},"system_fingerprint":"fp_1"}""",
            $$$"""{"choices":[{"content_filter_results":{{{Safe}}},"delta":{"content":"Grüße, 世界 👋🏽 \n"},"finish_reason":null,"index":0}],{{{Head}}},"obfuscation":"x1Yz"}""",
            $$$"""{"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0}],{{{Head}}}}""",
        ],
        ["usage asked for"] =
        [
            Prompt[..^1] + ",\"usage\":null}",
            $$$"""{"choices":[{"delta":{"content":"a"},"finish_reason":null,"index":0}],{{{Head}}},"usage":null}""",
            $$$"""{"usage":null,"choices":[{"delta":{"content":"b"},"finish_reason":"stop","index":0}],{{{Head}}}}""",
            $$$"""{"choices":[{"delta":{"content":"\"usage\":null"},"finish_reason":null,"index":0}], "usage" : null , {{{Head}}}}""",
            $$$"""{"choices":[],{{{Head}}},"usage":{"completion_tokens":2,"prompt_tokens":7,"total_tokens":9}}""",
        ],
        ["usage in every chunk, 2023"] =
        [
            """{"id":"","object":"","created":0,"model":"","prompt_annotations":[{"prompt_index":0,"content_filter_results":{}}],"choices":[],"usage":null}""",
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-35-turbo","choices":[{"index":0,"finish_reason":null,"delta":{"content":"Hi"}}],"usage":null}""",
        ],
        ["tools"] =
        [
            $$$"""{"choices":[{"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"wetter","arguments":""}}]},"finish_reason":null,"index":0}],{{{Head}}}}""",
            $$$"""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"ort\":\"Köln\"}"}}]},"finish_reason":null,"index":0}],{{{Head}}}}""",
            $$$"""{"choices":[{"delta":{},"finish_reason":"tool_calls","index":0}],{{{Head}}}}""",
        ],
        ["function"] =
        [
            $$$"""{"choices":[{"delta":{"role":"assistant","function_call":{"name":"f","arguments":""}},"finish_reason":null,"index":0}],{{{Head}}}}""",
            $$$"""{"choices":[{"delta":{"function_call":{"arguments":"{}"}},"finish_reason":"function_call","index":0}],{{{Head}}}}""",
        ],
        ["asynchronous filter"] =
        [
            $$$"""{"choices":[{"delta":{"content":"Some text"},"finish_reason":null,"index":0}],{{{Head}}}}""",
            $$$"""{"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{{{Safe}}},"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198}}]}""",
            $$$"""{"choices":[{"delta":{},"finish_reason":"stop","index":0}],{{{Head}}}}""",
            $$$"""{"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{{{Safe}}},"content_filter_offsets":{"check_offset":506,"start_offset":44,"end_offset":571}}]}""",
        ],
        ["asynchronous filter blocks"] =
        [
            $$$"""{"choices":[{"delta":{"content":"Some text"},"finish_reason":null,"index":0}],{{{Head}}}}""",
            """{"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true,"severity":"high"}},"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198}}]}""",
        ],
        ["completions"] =
        [
            """{"choices":[],"prompt_filter_results":[],"id":"","object":"","created":0,"model":""}""",
            """{"id":"cmpl-1","object":"text_completion","created":1,"model":"gpt-35-turbo-instruct","choices":[{"text":" Ώρα","index":1,"finish_reason":null,"logprobs":null}]}""",
            """{"id":"cmpl-1","object":"text_completion","created":1,"model":"gpt-35-turbo-instruct","choices":[{"text":"","index":0,"finish_reason":"length","logprobs":null}]}""",
        ],
        ["many choices"] =
        [
            $$$"""{"choices":[{"index":0,"finish_reason":null,"content_filter_results":{}},{"delta":{"content":"x"},"index":1}],{{{Head}}}}""",
            $$$"""{"choices":[{"delta":{"content":"a"},"index":0},{"delta":{"content":"b"},"index":1}],{{{Head}}}}""",
        ],
        ["an error"] =
        [
            $$$"""{"choices":[{"delta":{"content":"Some"},"finish_reason":null,"index":0}],{{{Head}}}}""",
            """{"error":{"code":"NoCapacity","message":"The system is experiencing high demand — try again."}}""",
        ],
        ["nothing known"] = ["""{"x":1}""", "[1,2]", "no JSON", """{"choices":null}""", """{"choices":[1,null]}"""],
    };
}
