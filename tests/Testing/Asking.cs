using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Testing;

/// <summary>Requests as clients of the event surface make them.</summary>
public static class Asking
{
    public const string Chat = "/api/v1/chat/completions";
    public const string Completions = "/api/v1/completions";
    public const string Embeddings = "/api/v1/embeddings";

    /// <summary>A body that is as small as a valid one can be.</summary>
    public const string Hello = """{"messages":[{"role":"user","content":"hello"}]}""";

    public static HttpRequestMessage Post(string path, string body, string? credential = "hackathon/ann", string header = "openai-event-code")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (credential is not null)
            request.Headers.TryAddWithoutValidation(header, credential);
        return request;
    }

    public static async Task<Answer> AskAsync(this HttpClient client, string path, string body, string? credential = "hackathon/ann", string header = "openai-event-code")
    {
        using var request = Post(path, body, credential, header);
        return await client.AskAsync(request);
    }

    public static async Task<Answer> AskAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var message = await client.SendAsync(request);
        var headers = message.Headers.Concat(message.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)message.StatusCode, headers, await message.Content.ReadAsStringAsync());
    }
}

/// <summary>An answer, read whole.</summary>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Error => Json.GetProperty("error");

    /// <summary>The error's machine code.</summary>
    public string? Code => Error.GetProperty("code").GetString();

    public string Message => Error.GetProperty("message").GetString()!;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
