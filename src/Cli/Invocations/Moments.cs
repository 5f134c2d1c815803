using System.Globalization;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>Times and durations as people type them.</summary>
internal static class Moments
{
    public const string DurationForm = "a number and s, m, h, d or w, such as 90m, 8h, 3d, 2w";

    public const string PastForm = "2026-05-01T09:00 on this machine's clock, or with Z or an offset such as -05:00; 2h is two hours ago.";

    private const string NeitherNor = "is neither a time, such as 2026-05-01T09:00, nor a duration";
    private const int DateLength = 10;

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];

    /// <exception cref="CommandFailedException">Says what a duration looks like.</exception>
    public static TimeSpan Duration(string text, string option) => Duration(text, option, "is no duration");

    private static TimeSpan Duration(string text, string option, string wrong)
    {
        var unit = text.Length > 1 ? text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3_600, 'd' => 86_400, 'w' => 604_800, _ => 0 } : 0;
        // A hundred years is enough for anybody, and keeps the sum inside of what a date can hold.
        return unit > 0 && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 3_200_000_000 / unit
            ? TimeSpan.FromSeconds(number * unit)
            : throw Wrong($"{option} '{text}' {wrong}: {DurationForm}.");
    }

    /// <summary>A time on the wall, as the server wants it.</summary>
    public static string Wall(string text, string option) => ParseWall(text, option).ToString(Zones.WallTime, CultureInfo.InvariantCulture);

    public static DateTime ParseWall(string text, string option) =>
        DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            ? wall
            : throw Wrong($"{option} '{text}' is no time: give one like 2026-05-01T09:00, as clocks show it where the event is.");

    /// <summary>When something begins that lasts <paramref name="length"/>: the calendar must have its end too.</summary>
    public static DateTime EndOf(DateTime start, TimeSpan length, string option) =>
        start <= DateTime.MaxValue - length ? start + length : throw Wrong($"{option} '{start:yyyy-MM-dd'T'HH:mm}' is too late: no calendar goes as far as its end.");

    /// <summary>When something expires: after a duration, at a time on the wall in <paramref name="zone"/>, or at an instant with its offset.</summary>
    public static string Future(string text, string option, TimeZoneInfo zone, DateTimeOffset now) =>
        IsDuration(text) ? Rfc3339(now + Duration(text, option, NeitherNor)) : Instant(text, option, zone);

    /// <summary>From or until when something is listed: a duration ago, or as <see cref="Future"/>.</summary>
    public static string Past(string text, string option, TimeZoneInfo zone, DateTimeOffset now) =>
        IsDuration(text) ? Rfc3339(now - Duration(text, option, NeitherNor)) : Instant(text, option, zone);

    private static bool IsDuration(string text) => text.Length > 1 && char.IsAsciiLetter(text[^1]) && text[^1] != 'Z' && text.IndexOf('-') < 0;

    private static string Instant(string text, string option, TimeZoneInfo zone)
    {
        if (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > DateLength)
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                ? Rfc3339(instant)
                : throw Wrong($"{option} '{text}' is no time.");
        }
        var wall = ParseWall(text, option);
        return zone.IsInvalidTime(wall)
            ? throw Wrong($"{option} '{text}' does not exist in {zone.Id}: clocks are put forward over it.")
            : Rfc3339(new(wall, zone.GetUtcOffset(wall)));
    }

    private static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static CommandFailedException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
