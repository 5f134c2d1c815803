namespace OpenAIProxy.Domain.Events;

/// <summary>
/// From when to when an event works: wall time in a named time zone, as organisers think of it.
/// </summary>
/// <remarks>
/// Where the clocks skip the hour that was named, the moment meant is the end of the gap. Where they repeat it, an event
/// begins at the first of the two and ends at the second: the doubt goes to the attendee.
/// </remarks>
public sealed record EventWindow
{
    // Zones lie between UTC-12 and UTC+14; an hour more, so that both sides of a change are seen from within it.
    private static readonly TimeSpan FurthestEast = TimeSpan.FromHours(15);
    private static readonly TimeSpan FurthestWest = TimeSpan.FromHours(13);

    /// <param name="start">Wall time in <paramref name="timeZone"/>; its <see cref="DateTime.Kind"/> is not looked at.</param>
    /// <param name="end">Wall time in <paramref name="timeZone"/>, after <paramref name="start"/>.</param>
    /// <param name="timeZone">An IANA zone.</param>
    /// <exception cref="ArgumentException">The end is not after the start.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of them is so near to either end of all time, less than a day, that it has no instant.</exception>
    public EventWindow(DateTime start, DateTime end, TimeZoneInfo timeZone)
    {
        Start = DateTime.SpecifyKind(start, DateTimeKind.Unspecified);
        End = DateTime.SpecifyKind(end, DateTimeKind.Unspecified);
        TimeZone = timeZone;
        Opens = Instant(Start, timeZone, firstOfTwo: true);
        Ends = Instant(End, timeZone, firstOfTwo: false);
        if (Ends <= Opens)
            throw new ArgumentException($"The event's end ({End:s}) is not after its start ({Start:s}) in {timeZone.Id}.", nameof(end));
    }

    /// <summary>The wall time at which the event begins.</summary>
    public DateTime Start { get; }

    /// <summary>The wall time at which the event ends.</summary>
    public DateTime End { get; }

    public TimeZoneInfo TimeZone { get; }

    /// <summary>The first moment at which the event works.</summary>
    public DateTimeOffset Opens { get; }

    /// <summary>The first moment at which the event works no more.</summary>
    public DateTimeOffset Ends { get; }

    /// <summary>The same moment as people at the event read it off the wall.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, TimeZone);

    // TimeZoneInfo knows gaps and repeated hours only where daylight saving makes them, not where a country moves its clocks for
    // good (Kazakhstan 2024, Samoa 2011). So only the offsets at instants are asked for: those are right in both cases.
    private static DateTimeOffset Instant(DateTime wallTime, TimeZoneInfo timeZone, bool firstOfTwo)
    {
        var utc = new DateTimeOffset(wallTime, TimeSpan.Zero);
        var before = timeZone.GetUtcOffset(utc - FurthestEast);
        var after = timeZone.GetUtcOffset(utc + FurthestWest);
        // The larger offset is the earlier instant.
        var (first, last) = before > after ? (utc - before, utc - after) : (utc - after, utc - before);
        var (isFirst, isLast) = (Reads(first, wallTime, timeZone), Reads(last, wallTime, timeZone));
        if (isFirst && (firstOfTwo || !isLast))
            return first;
        return isLast ? last : EndOfGap(first, last, timeZone);
    }

    private static bool Reads(DateTimeOffset instant, DateTime wallTime, TimeZoneInfo timeZone) =>
        TimeZoneInfo.ConvertTime(instant, timeZone).DateTime == wallTime;

    /// <summary>The instant at which the clocks jump: after <paramref name="before"/>, and not after <paramref name="after"/>.</summary>
    private static DateTimeOffset EndOfGap(DateTimeOffset before, DateTimeOffset after, TimeZoneInfo timeZone)
    {
        var offset = timeZone.GetUtcOffset(before);
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + (after - before) / 2;
            (before, after) = timeZone.GetUtcOffset(middle) == offset ? (middle, after) : (before, middle);
        }
        return after;
    }
}
