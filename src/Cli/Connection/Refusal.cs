using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Connection;

/// <summary>Turns the problem details of a refusal into lines for people: the reason, then each field that is wrong.</summary>
internal static class Refusal
{
    public static CommandFailedException From(HttpResponseMessage response, string text, Uri address)
    {
        var problem = Read(text);
        return new(ExitCodeOf(response.StatusCode), problem is null ? Unexplained(response, address) : Explained(response, problem))
        {
            Problem = problem?.ToJsonString(),
        };
    }

    private static int ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.Conflict,
        _ => ExitCode.Refused,
    };

    private static string Explained(HttpResponseMessage response, JsonObject problem)
    {
        var lines = new List<string>();
        if (problem["errors"] is JsonObject errors)
            foreach (var (field, messages) in errors)
                foreach (var message in messages as JsonArray ?? [messages?.DeepClone()])
                    lines.Add($"{field}: {message}");
        var detail = Text(problem, "detail") ?? Text(problem, "title") ?? $"The server said {(int)response.StatusCode}.";
        // Of one field the detail says the same.
        var said = new StringBuilder(lines is [var only] && only.EndsWith(detail, StringComparison.Ordinal) ? only : string.Join("\n  ", [detail, .. lines]));
        said.Append(Advice(response));
        if ((int)response.StatusCode >= 500 && Text(problem, "requestId") is { } id)
            said.Append($"\nThe server's log has more under request id {id}.");
        return Printable.Lines(said.ToString());
    }

    private static string Advice(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "\nCheck OPENAIPROXY_ADMIN_TOKEN, --token-file or data/admin-token: it may be another server's, expired or revoked.",
        HttpStatusCode.Forbidden => "\nThis token may not do that. See whose it is: openai-proxy whoami",
        HttpStatusCode.PreconditionFailed => "\nSomebody changed it meanwhile; nothing was overwritten." + HowToLook(response),
        _ => "",
    };

    // /api/events/hack → openai-proxy event show hack
    private static string HowToLook(HttpResponseMessage response)
    {
        var parts = response.RequestMessage?.RequestUri?.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var name = parts is [] ? "" : Uri.UnescapeDataString(parts[^1]);
        return parts is [.., "api", var kind and ("events" or "models" or "backends"), _]
            ? $" Look at it, then try again: openai-proxy {kind[..^1]} show {name}"
            : " Look at it, then try again.";
    }

    private static string Unexplained(HttpResponseMessage response, Uri address) => response.StatusCode switch
    {
        HttpStatusCode.NotFound => $"{address} knows no such path. {Unreachable.WhichAddress}",
        _ => $"{address} said {(int)response.StatusCode} {response.ReasonPhrase} without a reason. {Unreachable.WhichAddress}{Advice(response)}",
    };

    private static string? Text(JsonObject problem, string name) => problem[name]?.ToString() is { Length: > 0 } text ? text : null;

    private static JsonObject? Read(string text)
    {
        try
        {
            // The other listener refuses in OpenAI's words, which have none of these.
            return JsonNode.Parse(text) is JsonObject problem && (problem["title"] ?? problem["detail"]) is not null ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
