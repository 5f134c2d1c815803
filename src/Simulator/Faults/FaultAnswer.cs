using System.Text.Json;
using OpenAIProxy.Simulator.Control;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>Reads <c>status</c>, <c>body</c>, <c>contentType</c>, <c>headers</c> and <c>location</c> of a rule.</summary>
internal static class FaultAnswer
{
    private const string ErrorPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

    public static Problem? Read(FaultKind kind, Fields fields)
    {
        var status = Status(kind, fields);
        var body = fields.Any("body");
        var location = fields.HeaderValue("location");
        var answer = kind switch
        {
            FaultKind.Status => WithBody(status, body, fields),
            FaultKind.Redirect => new Problem(status ?? 307, "") { ContentType = null, Headers = [new("Location", location ?? "https://elsewhere.example/")] },
            FaultKind.Html => new Problem(status ?? 502, body is { ValueKind: JsonValueKind.String } page ? page.GetString()! : ErrorPage) { ContentType = "text/html" },
            FaultKind.EmptyBody => new Problem(status ?? 200, "") { ContentType = null },
            FaultKind.OddShape => AzureProblems.GatewayFailed(status ?? 500),
            _ => null,
        };
        var contentType = fields.HeaderValue("contentType");
        var headers = Headers(fields);
        return answer is null ? null : answer with
        {
            ContentType = contentType ?? answer.ContentType,
            Headers = [.. answer.Headers.Where(header => !headers.Any(other => other.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase))), .. headers],
        };
    }

    private static int? Status(FaultKind kind, Fields fields)
    {
        var status = (int?)fields.Integer("status", 200);
        if (status > 599)
            throw fields.Wrong("status", "at most 599 is expected");
        if (status is 204 or 205 or 304 && kind is FaultKind.Status or FaultKind.Html or FaultKind.OddShape)
            throw fields.Wrong("status", $"{status} has no body: give it to emptyBody");
        return status;
    }

    private static Problem WithBody(int? status, JsonElement? body, Fields fields)
    {
        if (body is null)
            return NamedBodies.For(status ?? throw fields.Wrong("status", "is missing: give a status or the name of a body"));
        if (body is { ValueKind: JsonValueKind.String } name)
            return Named(name.GetString()!, fields) is var named && status is { } other ? named with { Status = other } : named;
        return new(status ?? throw fields.Wrong("status", "is missing"), SentJson.Compact(body.Value));
    }

    private static Problem Named(string name, Fields fields) =>
        NamedBodies.Find(name) ?? throw fields.Wrong("body", $"'{name}' is not a name; one of {string.Join(", ", NamedBodies.Names)}, or JSON other than a string");

    private static KeyValuePair<string, string>[] Headers(Fields fields)
    {
        if (fields.Any("headers") is not { } headers)
            return [];
        if (headers.ValueKind != JsonValueKind.Object || headers.EnumerateObject().Any(header => header.Value.ValueKind != JsonValueKind.String))
            throw fields.Wrong("headers", "an object of strings is expected");
        if (headers.EnumerateObject().Any(header => !HeaderText.IsName(header.Name) || !HeaderText.IsValue(header.Value.GetString())))
            throw fields.Wrong("headers", $"names are tokens, and {HeaderText.ValueForm}");
        return headers.EnumerateObject().Select(header => new KeyValuePair<string, string>(header.Name, header.Value.GetString()!)).ToArray();
    }
}
