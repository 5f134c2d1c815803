using OpenAIProxy.Gateway.Admission;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>Which headers of the data plane's answers a page of another origin may read: browsers show it no other.</summary>
public static class PageHeaders
{
    /// <summary>What names the request, what is left of the limits, and whether and when to try again.</summary>
    public static IReadOnlyList<string> Readable { get; } =
    [
        "x-request-id", "x-backend-request-id", "x-ms-region", "openai-processing-ms",
        "retry-after", "retry-after-ms", "x-should-retry",
        "x-output-limit", .. LimitHeaders.Names,
    ];
}
