using System.Text;

namespace OpenAIProxy.Testing;

/// <summary>Requests to the management API.</summary>
public static class Managing
{
    /// <summary>An event as small as a valid one can be, open for years.</summary>
    public static string Event(string code, string more = "") => $$"""
        {"code": "{{code}}", "name": "Event {{code}}", "organiser": {"name": "Olga"}, "start": "2020-01-01T09:00", "end": "2090-01-01T18:00", "timeZone": "Europe/Berlin",
         "models": ["gpt-4o", "gpt-4"], "defaults": {"chatCompletions": "gpt-4o"}, "state": "open"{{more}}}
        """;

    public static async Task<Answer> SendAsync(this HttpClient api, string method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await api.AskAsync(request);
    }

    /// <summary>Makes an organiser's token and a client that uses it.</summary>
    public static async Task<HttpClient> ApiOfOrganiserAsync(this GatewayUnderTest gateway, string organiser)
    {
        var answer = await gateway.Api.SendAsync("POST", "/api/tokens", $$"""{"name": "token of {{organiser}}", "role": "organiser", "organiser": "{{organiser}}"}""");
        return gateway.ApiWith(answer.Json.GetProperty("token").GetString()!);
    }
}
