using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenAIProxy.Portal.Lists;

/// <summary>A moment in a query, such as <c>?from=2026-05-01T09:00:00Z</c>. It says where it is counted from, as one in a body does.</summary>
internal readonly record struct Moment(DateTimeOffset At)
{
    public const string Form = "a moment with Z or its offset, such as 2026-05-01T09:00:00Z or 2026-05-01T09:00:00+02:00";

    // What has neither is a DateTime of no kind.
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? _, out Moment moment)
    {
        moment = default;
        text = WithPlus(text);
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) || time.Kind == DateTimeKind.Unspecified
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return false;
        moment = new Moment(at);
        return true;
    }

    // In a query a plus is a space, as in a form: who writes +02:00 there has said what they mean.
    private static string? WithPlus(string? text) =>
        text is [_, _, _, _, '-', _, _, '-', _, _, 'T', .., ' ', _, _, ':', _, _] ? $"{text[..^6]}+{text[^5..]}" : text;
}
