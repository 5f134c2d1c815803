using System.Text;

namespace OpenAIProxy.Bench.Load;

/// <summary>The bytes of requests, made before they are needed; they are sent in turn. Thread-safe.</summary>
internal sealed class Requests
{
    private readonly ReadOnlyMemory<byte>[] prepared;
    private int sent = -1;

    /// <param name="deployment">Picks how the upstream answers.</param>
    /// <param name="keys">Who calls; in turn.</param>
    public Requests(string deployment, string body, params IEnumerable<string> keys) =>
        prepared = [.. keys.Select(key => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Head(deployment, key, Encoding.UTF8.GetByteCount(body)) + body))];

    public ReadOnlyMemory<byte> Next => prepared.Length == 1 ? prepared[0] : prepared[(uint)Interlocked.Increment(ref sent) % (uint)prepared.Length];

    // What the SDK for Python sends.
    private static string Head(string deployment, string key, int length) => $"""
        POST /openai/deployments/{deployment}/chat/completions?api-version=2024-10-21 HTTP/1.1
        Host: 127.0.0.1
        Accept-Encoding: gzip, deflate
        Connection: keep-alive
        Accept: application/json
        Content-Type: application/json
        User-Agent: AzureOpenAI/Python 1.54.0
        X-Stainless-Lang: python
        X-Stainless-Package-Version: 1.54.0
        X-Stainless-OS: Linux
        X-Stainless-Arch: x64
        X-Stainless-Runtime: CPython
        X-Stainless-Runtime-Version: 3.12.4
        X-Stainless-Async: false
        x-stainless-retry-count: 0
        api-key: {key}
        Content-Length: {length}


        """.ReplaceLineEndings("\r\n");
}
