using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Upstream;

/// <summary>All that is ever answered, made once: heads and bodies as Azure OpenAI sends them.</summary>
internal static class Answers
{
    private const int ContentChunks = 50;
    private const string Ok = "200 OK";

    private const string Head = """
        HTTP/1.1 {0}
        Content-Type: {1}
        apim-request-id: 2f0c8a1e-5b0b-4c7b-9e37-3f2f4f0a9d11
        Strict-Transport-Security: max-age=31536000; includeSubDomains; preload
        X-Content-Type-Options: nosniff
        x-ms-region: East US
        x-ratelimit-limit-requests: 100000
        x-ratelimit-limit-tokens: 10000000
        x-ratelimit-remaining-requests: 99999
        x-ratelimit-remaining-tokens: 9999000
        x-ms-rai-invoked: true
        x-request-id: 6d0c3b7e-6f5e-4a56-8f0d-5f3a7c1be042
        x-ms-deployment-name: bench
        azureml-model-session: d012-20260101
        Date: Thu, 01 Jan 2026 09:00:00 GMT
        Connection: keep-alive
        {2}


        """;

    private const string Safe = """{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}""";

    private const string Usage = """
        {"completion_tokens":50,"completion_tokens_details":{"accepted_prediction_tokens":0,"audio_tokens":0,"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":24,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":74}
        """;

    // Of all chunks.
    private const string Common = "\"created\":1767258000,\"id\":\"chatcmpl-CtA0oXbW5Zq0m3hJ8v1nT9rY2kLdE\",\"model\":\"gpt-4o-mini-2024-07-18\",\"object\":\"chat.completion.chunk\",\"system_fingerprint\":\"fp_efad92c60b\"";

    private static readonly string[] Words = ["Grey ", "giants ", "walk ", "the ", "river ", "home ", "at ", "dusk, ", "their ", "young "];

    public static ReadOnlyMemory<byte> NotFound { get; } = Whole("404 Not Found",
        """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. The bench has chat, burst, late and slow."}}""");

    /// <summary>A completion of about 1.2 KB.</summary>
    public static ReadOnlyMemory<byte> Completion { get; } = Whole(Ok, JsonSerializer.Serialize(JsonNode.Parse($$$"""
        {"choices":[{"content_filter_results":{{{Safe}}},"finish_reason":"stop","index":0,"logprobs":null,
        "message":{"annotations":[],"content":"{{{string.Concat(Enumerable.Range(0, 35).Select(Word))}}}","refusal":null,"role":"assistant"}}],
        "created":1767258000,"id":"chatcmpl-CtA0oXbW5Zq0m3hJ8v1nT9rY2kLdE","model":"gpt-4o-mini-2024-07-18","object":"chat.completion",
        "prompt_filter_results":[{"prompt_index":0,"content_filter_results":{{{Safe}}}}],
        "system_fingerprint":"fp_efad92c60b","usage":{{{Usage}}}}
        """)));

    public static StreamedAnswer Stream { get; } = Streamed(withUsage: false);

    public static StreamedAnswer StreamWithUsage { get; } = Streamed(withUsage: true);

    private static string Word(int number) => Words[number % Words.Length];

    private static StreamedAnswer Streamed(bool withUsage)
    {
        var head = HeadOf(Ok, "text/event-stream; charset=utf-8", "Cache-Control: no-cache, must-revalidate\r\nTransfer-Encoding: chunked");
        var events = new List<string>
        {
            $$$"""{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{{{Safe}}}}]}""",
            Chunk("{}", """{"content":"","refusal":null,"role":"assistant"}""", "null", withUsage),
        };
        events.AddRange(Enumerable.Range(0, ContentChunks).Select(i => Chunk(Safe, $$"""{"content":"{{Word(i)}}"}""", "null", withUsage)));
        events.Add(Chunk("{}", "{}", "\"stop\"", withUsage));
        if (withUsage)
            events.Add($$$"""{"choices":[],{{{Common}}},"usage":{{{Usage}}}}""");
        events.Add("[DONE]");
        return new StreamedAnswer(head, [.. events.Select(Framed)], "0\r\n\r\n"u8.ToArray());
    }

    private static string Chunk(string filter, string delta, string finish, bool withUsage) =>
        $$$"""{"choices":[{"content_filter_results":{{{filter}}},"delta":{{{delta}}},"finish_reason":{{{finish}}},"index":0,"logprobs":null}],{{{Common}}}{{{(withUsage ? ",\"usage\":null" : "")}}}}""";

    private static byte[] Framed(string data)
    {
        var text = $"data: {data}\n\n";
        return Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");
    }

    private static byte[] Whole(string status, string body) => [.. HeadOf(status, "application/json", $"Content-Length: {body.Length}"), .. Encoding.ASCII.GetBytes(body)];

    private static byte[] HeadOf(string status, string contentType, string framing) =>
        Encoding.ASCII.GetBytes(string.Format(null, Head.ReplaceLineEndings("\r\n"), status, contentType, framing));
}

/// <summary>A streamed answer as it goes over the wire.</summary>
/// <param name="Head">Status and headers.</param>
/// <param name="Chunks">Each an event in a chunk of the transfer.</param>
/// <param name="End">Ends the transfer.</param>
internal sealed record StreamedAnswer(ReadOnlyMemory<byte> Head, IReadOnlyList<ReadOnlyMemory<byte>> Chunks, ReadOnlyMemory<byte> End)
{
    /// <summary>All of it in one piece.</summary>
    public ReadOnlyMemory<byte> Whole { get; } = Chunks.Prepend(Head).Append(End).SelectMany(part => part.ToArray()).ToArray();
}
