using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Which headers pass through the proxy. Lists of what may pass, not of what may not: a header that nobody thought of
/// stays here, be it a credential on the way up or a backend's name on the way down.
/// </summary>
internal static class PassedHeaders
{
    private static readonly string[] Up =
    [
        "OpenAI-Beta",
        "x-ms-client-request-id",
        "x-ms-return-client-request-id",
    ];

    // Azure's name on the left, ours on the right: its request id goes by a name that does not collide with our own.
    private static readonly FrozenDictionary<string, string> Down = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["apim-request-id"] = "x-backend-request-id",
        ["azureml-model-session"] = "azureml-model-session",
        ["openai-model"] = "openai-model",
        ["openai-processing-ms"] = "openai-processing-ms",
        ["openai-version"] = "openai-version",
        ["x-ms-client-request-id"] = "x-ms-client-request-id",
        ["x-ms-rai-invoked"] = "x-ms-rai-invoked",
        ["x-ms-region"] = "x-ms-region",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Waits = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Retry-After", "retry-after-ms", "x-ms-retry-after-ms");

    // On an event's answers they are ours; on those of a resource of the caller's own they are Azure's, whole.
    private const string RateLimits = "x-ratelimit-";

    // Clients wait as long as they are told, and Azure has told them a day.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    // The client's trace goes on upstream. Where traces are collected, ours is between the two, and HttpClient names it.
    private static readonly string[] Trace = ["traceparent", "tracestate"];

    public static void CopyUp(IHeaderDictionary from, HttpRequestHeaders to)
    {
        Copy(from, to, Up);
        if (Activity.Current is null)
            Copy(from, to, Trace);
    }

    private static void Copy(IHeaderDictionary from, HttpRequestHeaders to, string[] names)
    {
        foreach (var name in names)
            if (from.TryGetValue(name, out var values) && values is [{ } value] && IsPrintable(value))
                to.TryAddWithoutValidation(name, value);
    }

    /// <param name="isOwn">Whether the resource is the caller's own.</param>
    public static void CopyDown(HttpResponseHeaders from, IHeaderDictionary to, bool isOwn)
    {
        foreach (var (name, values) in from.NonValidated)
            if (OursOf(name, isOwn) is { } ours && values.ToString() is var value && IsPrintable(value))
                to[ours] = value;
        if (!isOwn)
            return;
        CapWait(to, "Retry-After", LongestWait.TotalSeconds);
        CapWait(to, "retry-after-ms", LongestWait.TotalMilliseconds);
        CapWait(to, "x-ms-retry-after-ms", LongestWait.TotalMilliseconds);
    }

    private static string? OursOf(string name, bool isOwn)
    {
        if (Down.TryGetValue(name, out var ours))
            return ours;
        return isOwn && (name.StartsWith(RateLimits, StringComparison.OrdinalIgnoreCase) || Waits.Contains(name)) ? name : null;
    }

    private static void CapWait(IHeaderDictionary headers, string name, double most)
    {
        if (headers[name].ToString() is { Length: > 0 } value && !(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wait) && wait <= most))
            headers[name] = most.ToString(CultureInfo.InvariantCulture);
    }

    // Control characters Kestrel takes in, and throws when it is to send them. Beyond ASCII, a backend that is to echo it may stumble.
    public static bool IsPrintable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
