using System.Globalization;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Times as people at the event read them on the wall.</summary>
internal static class Zones
{
    public const string WallTime = "yyyy-MM-dd'T'HH:mm";

    /// <summary>How many cells a time takes that is shown, without the zone behind it.</summary>
    public const int ClockWidth = 16;

    public static TimeZoneInfo? Find(string? id) => id is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    /// <summary>An instant of the server, shown in <paramref name="zone"/>; what cannot be read as one is shown as it came.</summary>
    public static string Show(string? instant, TimeZoneInfo zone)
    {
        if (!DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return Printable.From(instant ?? "");
        return TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " " + Name(zone);
    }

    /// <summary>The machine's zone as the server knows zones; UTC where this machine has none that others know.</summary>
    public static string NameOf(TimeZoneInfo zone)
    {
        if (zone.HasIanaId)
            return zone.Id;
        return TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? iana : "UTC";
    }

    private static string Name(TimeZoneInfo zone) => NameOf(zone) is "Etc/UTC" or "UTC" ? "UTC" : NameOf(zone);
}
