using System.Globalization;
using System.Text;

namespace OpenAIProxy.Bench.Tests;

/// <summary>Answers as servers send them.</summary>
internal static class AnswerText
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK";

    public const string Done = "data: [DONE]\n\n";

    /// <summary>A body with its length.</summary>
    public static string Sized(string body, string headers = "") => $"HTTP/1.1 200 OK\r\n{headers}content-length: {body.Length}\r\n\r\n{body}";

    /// <summary>A body in chunks.</summary>
    public static string InChunks(params string[] chunks) => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Framed(chunks)}";

    /// <summary>Chunks with their frames, and the end.</summary>
    public static string Framed(params string[] chunks)
    {
        var text = new StringBuilder();
        foreach (var chunk in chunks)
            text.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n{chunk}\r\n");
        return text.Append("0\r\n\r\n").ToString();
    }

    /// <summary>As many events, each with an empty line behind it.</summary>
    public static string[] Events(int count) => [.. Enumerable.Range(1, count).Select(i => $"data: {{\"n\":{i}}}\n\n")];
}
