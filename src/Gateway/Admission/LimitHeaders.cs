using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Gateway.Surfaces;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>Tells a client what it has left, in the headers that OpenAI's and Azure's clients know, and one set more for money.</summary>
internal static class LimitHeaders
{
    private static readonly HeaderNames Requests = new("requests", Count);
    private static readonly HeaderNames Tokens = new("tokens", Count);
    private static readonly HeaderNames Budget = new("budget", Dollars);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Requests.All, .. Tokens.All, .. Budget.All];

    /// <param name="allowance">Null where there are no limits to tell of.</param>
    public static void Write(IHeaderDictionary headers, Allowance? allowance, Surface surface)
    {
        if (allowance is null)
            return;
        Write(headers, Requests, allowance.Tightest(LimitUnit.Requests), surface, allowance.At);
        Write(headers, Tokens, allowance.Tightest(LimitUnit.InputTokens, LimitUnit.OutputTokens, LimitUnit.TotalTokens), surface, allowance.At);
        Write(headers, Budget, allowance.Tightest(LimitUnit.Money), surface, allowance.At);
    }

    private static void Write(IHeaderDictionary headers, HeaderNames names, (Hold Hold, long Left)? tightest, Surface surface, DateTimeOffset now)
    {
        if (tightest is not { } limit)
            return;
        headers[names.Limit] = names.CapText(limit.Hold.Cap);
        headers[names.Remaining] = names.Text(limit.Left);
        // What is for the whole event does not reset.
        if (limit.Hold.Frees is { } frees)
            headers[names.Reset] = Reset(frees > now ? frees - now : TimeSpan.Zero, surface);
    }

    // Azure writes whole seconds, OpenAI 20ms, 59s, 6m0s, 23h0m5s. Rounded up: who waits so long has waited long enough.
    private static string Reset(TimeSpan wait, Surface surface)
    {
        if (surface != Surface.Azure && wait > TimeSpan.Zero && wait <= TimeSpan.FromMilliseconds(999))
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMilliseconds)}ms");
        var seconds = (long)Math.Ceiling(wait.TotalSeconds);
        if (surface == Surface.Azure)
            return seconds.ToString(CultureInfo.InvariantCulture);
        var (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        var front = hours > 0 ? $"{hours}h{minutes}m" : minutes > 0 ? $"{minutes}m" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{front}{seconds % 60}s");
    }

    private static string Count(long amount) => amount.ToString(CultureInfo.InvariantCulture);

    // Of micro-dollars, never negative. Digit by digit: a format, or a decimal's own text, costs several times as much, and every answer has two.
    private static string Dollars(long amount)
    {
        Span<char> text = stackalloc char[20];
        var at = text.Length;
        for (var digits = 0; digits < 7 || amount > 0; digits++, amount /= 10)
        {
            if (digits == 6)
                text[--at] = '.';
            text[--at] = (char)('0' + amount % 10);
        }
        return new string(text[at..]);
    }

    /// <summary>The three headers of one kind of limit.</summary>
    private sealed class HeaderNames(string kind, Func<long, string> text)
    {
        // Most requests are answered with the cap of the one before.
        private CapWritten lastCap = new(0, text(0));

        public string Limit { get; } = $"x-ratelimit-limit-{kind}";

        public string Remaining { get; } = $"x-ratelimit-remaining-{kind}";

        public string Reset { get; } = $"x-ratelimit-reset-{kind}";

        public string[] All => [Limit, Remaining, Reset];

        public string Text(long amount) => text(amount);

        public string CapText(long cap)
        {
            var last = Volatile.Read(ref lastCap);
            if (last.Cap != cap)
                Volatile.Write(ref lastCap, last = new CapWritten(cap, text(cap)));
            return last.Text;
        }

        private sealed record CapWritten(long Cap, string Text);
    }
}
