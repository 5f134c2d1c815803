using System.Globalization;
using System.Net.Http.Headers;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>When a backend says it can be asked again, in all the forms Azure has said it.</summary>
internal static class RetryAfter
{
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if ((Number(headers, "retry-after-ms") ?? Number(headers, "x-ms-retry-after-ms")) is { } milliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (Number(headers, "Retry-After") is { } seconds)
            return TimeSpan.FromSeconds(seconds);
        if (headers.RetryAfter?.Date is { } date)
            return date > now ? date - now : TimeSpan.Zero;
        return Longest(Number(headers, "x-ratelimit-reset-tokens"), Number(headers, "x-rate-limit-reset-tokens"), Number(headers, "x-ratelimit-reset-requests"));
    }

    private static TimeSpan? Longest(params ReadOnlySpan<double?> resets)
    {
        double? longest = null;
        foreach (var reset in resets)
            if (longest is null || reset > longest)
                longest = reset;
        return longest is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    // A year is more than any quota takes; what is beyond it, or below zero, is no time to wait.
    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and < 31_536_000
            ? number
            : null;
}
