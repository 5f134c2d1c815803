using System.Globalization;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Operations;

/// <summary>Requests that no well-meaning client sends, the same ones for the same seed.</summary>
internal sealed class HostileRequests(Uri server, int seed)
{
    private static readonly string[] Paths = [Asking.Chat, Asking.Completions, Asking.Embeddings, "/api/v1/ebeddings", "/api/v1/eventinfo", "/api/v1/event/hackathon"];
    private static readonly string[] Methods = ["POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "PROPFIND"];
    private static readonly string[] Names =
        ["model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "best_of", "prompt", "stop", "stop_sequence", "messages", "input", "tools", "temperature", "", "a\\u0000b", "\\ud800"];
    private static readonly string[] Values =
        ["null", "true", "false", "0", "-1", "1", "16", "1.5", "1e400", "-1e400", "99999999999999999999999", "0.0000000000000001", "\"\"", "\"gpt-4o\"", "\"\\ud83d\\ude00\"", "\"\\udc00\"", "[]", "{}", "[[]]", "[null]",
            "{\"include_usage\":true}", "[{\"role\":\"user\",\"content\":\"hi\"}]", "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]", "[\"a\",\"b\"]", "[1,2]"];
    private static readonly string[] Types = ["application/json", "application/json; charset=utf-8", "application/json;charset=utf-16", "text/plain", "application/json, text/html", ";", "application/", "multipart/form-data", ""];
    private static readonly string[] Bodies =
    [
        """{"messages":[{"role":"system","content":"You are kind."},{"role":"user","content":"héllo \ud83d\ude00"}],"max_tokens":9,"temperature":0.5,"n":1,"stop":["x"]}""",
        """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}],"max_tokens":9}""",
        """{"model":"gpt-4","messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}],"max_completion_tokens":9,"user":"u"}""",
        """{"prompt":["one","two"],"max_tokens":4,"best_of":2,"stop_sequence":"x"}""",
        """{"input":["one","two"],"encoding_format":"base64"}""",
    ];

    // Not for secrets: a test must be able to do the same again.
    private readonly Random random = new(seed);

    public HttpRequestMessage Next() => random.Next(2) == 0 ? Mutated() : Generated();

    /// <summary>A valid request with one thing wrong with it.</summary>
    private HttpRequestMessage Mutated()
    {
        var kind = random.Next(Bodies.Length);
        var (path, body) = (kind switch { 3 => Asking.Completions, 4 => Asking.Embeddings, _ => Asking.Chat }, Encoding.UTF8.GetBytes(Bodies[kind]));
        var (method, credential, type) = ("POST", "hackathon/ann", "application/json");
        switch (random.Next(10))
        {
            case 0:
                path = Encoding.Latin1.GetString(Mutate([.. path.Select(c => (byte)c)], printable: true));
                break;
            case 1:
                credential = Encoding.Latin1.GetString(Mutate([.. credential.Select(c => (byte)c)], printable: false));
                break;
            case 2:
                method = Pick(Methods);
                break;
            case 3:
                type = Pick(Types);
                break;
            default:
                body = Mutate(body, printable: false);
                break;
        }
        return Make(method, path, credential, type, body);
    }

    private HttpRequestMessage Generated()
    {
        var body = new StringBuilder("{");
        for (var i = random.Next(8); i > 0; i--)
            body.Append('"').Append(Pick(Names)).Append("\":").Append(random.Next(12) == 0 ? Deep() : Pick(Values)).Append(i > 1 ? "," : "");
        body.Append('}');
        var credential = random.Next(4) == 0 ? Noise(random.Next(40)) : "hackathon/" + Noise(random.Next(1, 20));
        return Make(Pick(Methods), Pick(Paths), credential, random.Next(5) == 0 ? Pick(Types) : "application/json", Encoding.UTF8.GetBytes(body.ToString()));
    }

    private string Deep()
    {
        var depth = random.Next(1, 200);
        return new string('[', depth) + new string(']', random.Next(4) == 0 ? depth - 1 : depth);
    }

    private byte[] Mutate(byte[] bytes, bool printable)
    {
        var at = random.Next(bytes.Length);
        var length = Math.Min(random.Next(1, 20), bytes.Length - at);
        byte Any() => (byte)(printable ? random.Next(0x21, 0x7f) : random.Next(256));
        switch (random.Next(6))
        {
            case 0:
                bytes[at] = Any();
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(printable ? 5 : 8));
                return printable ? [.. bytes.Where(b => b is > 0x20 and < 0x7f)] : bytes;
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. Enumerable.Range(0, length).Select(_ => Any()), .. bytes[at..]];
            default:
                return bytes[..at];
        }
    }

    private string Noise(int length) => string.Create(length, random, static (text, random) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)random.Next(random.Next(3) == 0 ? 1 : 0x20, random.Next(3) == 0 ? 0x100 : 0x7f);
    });

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private HttpRequestMessage Make(string method, string path, string credential, string type, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.GetLeftPart(UriPartial.Authority) + (path.StartsWith('/') ? path : "/" + path),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        // What cannot be a header's value at all is not sent: HttpClient would refuse it, not the server.
        request.Headers.TryAddWithoutValidation("openai-event-code", string.Concat(credential.Where(c => c is not ('\r' or '\n' or '\0'))));
        if (method is not ("GET" or "HEAD" or "TRACE"))
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return request;
    }

    public static string Describe(HttpRequestMessage request, byte[]? body) =>
        string.Create(CultureInfo.InvariantCulture, $"{request.Method} {request.RequestUri} {string.Join(" ", request.Headers.NonValidated.Select(h => $"{h.Key}: {h.Value}"))} {(body is null ? "" : Encoding.Latin1.GetString(body))}");
}
