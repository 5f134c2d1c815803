using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.Simulator.Recorder;

/// <summary>Keeps the current period and begins entries in it.</summary>
internal sealed class Journal(bool keepsRequests, TimeProvider time)
{
    private Period period = new();

    public Period Period => Volatile.Read(ref period);

    public void Reset() => Volatile.Write(ref period, new Period());

    public (Entry Entry, Period Period) Open(HttpRequest request)
    {
        var current = Period;
        if (!keepsRequests)
            return (new Entry(current, isKept: false), current);
        var entry = new Entry(current, isKept: true)
        {
            Method = request.Method,
            Path = RawPath(request),
            Query = request.QueryString.Value ?? "",
            Headers = [.. request.Headers.Select(Veil)],
            Began = time.GetUtcNow(),
        };
        return (entry, current);
    }

    // As it was sent: what a client or a gateway escapes is part of what a test wants to see.
    private static string RawPath(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? target[..question] : target;
    }

    // Enough to tell two credentials apart in a test, not enough to use one.
    private static KeyValuePair<string, string> Veil(KeyValuePair<string, StringValues> header) =>
        header.Key.ToLowerInvariant() is "api-key" or "authorization" or "openai-event-code"
            ? new(header.Key, $"present:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(header.Value.ToString())))[..12]}")
            : new(header.Key, header.Value.ToString());
}
