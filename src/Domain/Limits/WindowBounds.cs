using System.Runtime.CompilerServices;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Limits;

/// <summary>From when to when one window lasts, in whole seconds: its first belongs to it, its end to the next one.</summary>
/// <param name="Start">The first second, since 1970 in UTC; 0 for the window that never begins anew.</param>
/// <param name="End">The first moment after it; null where it never ends.</param>
/// <remarks>
/// A day is the run of moments in which the wall shows the same date, an hour the run in which it shows the same date and
/// hour, a minute likewise. So windows are what people at the event read off the clock, each moment lies in exactly one of
/// each kind, and where the clocks change they are as long as the clocks make them: a day has 23 or 25 hours, or begins at
/// one o'clock where midnight is skipped; half of an hour may be missing (Lord Howe). An hour that the clocks repeat is
/// one window of two: nobody who reads "100 an hour" on the wall gets 200 between one and two o'clock, and reports have
/// one line for it. A repeated minute is 60 windows away from its twin, and so two.
/// </remarks>
public readonly record struct WindowBounds(long Start, DateTimeOffset? End)
{
    private static readonly WindowBounds WholeEvent = new(0, null);

    // Moments come in their order, nearly: most lie in the same hour and day as the last one in that zone.
    private static readonly ConditionalWeakTable<TimeZoneInfo, LastPeriods> Last = [];

    /// <summary>The window of that kind in which <paramref name="at"/> lies, by the calendar of the event's time zone.</summary>
    /// <remarks>
    /// It is not cut to the event's own beginning and end: an event that is extended goes on in the same window.
    /// The offset from UTC may be asked for at instants only, for the reason that <see cref="EventWindow"/> gives.
    /// </remarks>
    public static WindowBounds Of(LimitWindow window, DateTimeOffset at, EventWindow @event) => Of(window, at, @event.TimeZone);

    /// <summary>The same by a time zone alone.</summary>
    public static WindowBounds Of(LimitWindow window, DateTimeOffset at, TimeZoneInfo zone) => window switch
    {
        // Offsets are whole minutes, so the calendar's minutes are everybody's.
        LimitWindow.Minute => Minute(at.ToUnixTimeSeconds()),
        LimitWindow.Hour => Around(at.ToUnixTimeSeconds(), zone, 3_600, ref LastOf(zone).Hour),
        LimitWindow.Day => Around(at.ToUnixTimeSeconds(), zone, 86_400, ref LastOf(zone).Day),
        LimitWindow.Event => WholeEvent,
        _ => throw new ArgumentOutOfRangeException(nameof(window)),
    };

    private static WindowBounds Minute(long second)
    {
        var start = Whole(second, 60) * 60;
        return new WindowBounds(start, DateTimeOffset.FromUnixTimeSeconds(start + 60));
    }

    private static LastPeriods LastOf(TimeZoneInfo zone) => Last.GetValue(zone, static _ => new LastPeriods());

    private static WindowBounds Around(long second, TimeZoneInfo zone, long length, ref Period? last)
    {
        if (Volatile.Read(ref last) is { } known && known.Start <= second && second < known.End)
            return known.Bounds;
        var found = new WallPeriod(zone, length).Around(second);
        Volatile.Write(ref last, found);
        return found.Bounds;
    }

    // Rounds down, also before 1970.
    private static long Whole(long seconds, long length) => (seconds - (seconds % length + length) % length) / length;

    /// <summary>A stretch of so many seconds on the wall, by whose number moments are told apart.</summary>
    private readonly struct WallPeriod(TimeZoneInfo zone, long length)
    {
        public Period Around(long second)
        {
            var shown = Shown(second);
            return new Period(Start(second, shown), End(second, shown));
        }

        private long Shown(long second) => Whole(second + Offset(second), length);

        // Goes back to where the period begins by the present offset or the clocks change, whichever is nearer, and on from
        // there as long as the moment before shows the same.
        private long Start(long second, long shown)
        {
            while (true)
            {
                var offset = Offset(second);
                var start = shown * length - offset;
                if (Offset(start) != offset)
                    start = Change(start, second, offset);
                if (Shown(start - 1) != shown)
                    return start;
                second = start - 1;
            }
        }

        private long End(long second, long shown)
        {
            while (true)
            {
                var offset = Offset(second);
                var end = (shown + 1) * length - offset;
                var beforeEnd = Offset(end - 1);
                if (beforeEnd != offset)
                    end = Change(second, end - 1, beforeEnd);
                if (Shown(end) != shown)
                    return end;
                second = end;
            }
        }

        /// <summary>The first second with the offset <paramref name="then"/>, after one without and not after one with it.</summary>
        private long Change(long before, long after, long then)
        {
            while (after - before > 1)
            {
                var middle = before + (after - before) / 2;
                (before, after) = Offset(middle) == then ? (before, middle) : (middle, after);
            }
            return after;
        }

        private long Offset(long second) => (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(second)).TotalSeconds;
    }

    private sealed class LastPeriods
    {
        public Period? Hour;
        public Period? Day;
    }

    private sealed class Period(long start, long end)
    {
        public long Start => start;

        public long End => end;

        public WindowBounds Bounds { get; } = new(start, DateTimeOffset.FromUnixTimeSeconds(end));
    }
}
