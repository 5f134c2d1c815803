using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>
/// What has been used, by hour for the last days, and by minute for the last two: enough to say what stands in any account
/// that can still be asked for, without a look at the database.
/// </summary>
/// <remarks>
/// Where it is asked for more than it remembers, it answers with too much rather than too little: a limit may then refuse too early, and never too
/// late. After a clock that was ahead for a while that is so for a minute (for as long as it was ahead where that was less than <see cref="NeverSoLate"/>),
/// and where it was used in more than <see cref="MostWrong"/> hours of a clock that was days ahead, until that date.
/// </remarks>
internal sealed class History
{
    /// <summary>In seconds: two days of 25 hours, so that yesterday is whole for requests that were admitted before midnight.</summary>
    public const long Remembered = 50 * 3_600;

    /// <summary>In seconds: so much later than at its admission no request reaches the ledger.</summary>
    public const long RememberedMinutes = 120;

    /// <summary>In how many hours it may be used by a clock that is ahead without forgetting what was used by the right one.</summary>
    private const int MostWrong = 12;

    /// <summary>In seconds: so late no request comes, whatever has held it up. A clock that was ahead by less is right again within that.</summary>
    private const long NeverSoLate = 30 * 60;

    private static readonly Bucket None = new(long.MinValue, default);

    private readonly List<Bucket> hours = [];
    private Bucket minute = None;
    private Bucket minuteBefore = None;

    // Up to (excluding) these nothing is known by hour, and by minute.
    private long hoursFrom;
    private long minutesFrom;

    /// <summary>All there ever was.</summary>
    public Amounts All { get; private set; }

    /// <summary>Begins with what the database has.</summary>
    /// <param name="hour">0 where it is of before <paramref name="hoursKnownFrom"/>.</param>
    public void Load(long hour, Amounts amounts, long hoursKnownFrom, long minutesKnownFrom)
    {
        (hoursFrom, minutesFrom) = (hoursKnownFrom, minutesKnownFrom);
        All += amounts;
        AddToHour(hour, amounts);
    }

    /// <summary>Begins with what the database has of a minute, which its hours have already.</summary>
    /// <param name="minute">Its first second.</param>
    public void LoadMinute(long minute, Amounts amounts) => AddToMinute(minute, amounts);

    /// <param name="hour">The first second of the hour it belongs to.</param>
    /// <param name="second">The moment of its admission.</param>
    public void Add(long hour, long second, Amounts amounts)
    {
        All += amounts;
        AddToHour(hour, amounts);
        AddToMinute(MinuteOf(second), amounts);
    }

    /// <summary>What was used in a window.</summary>
    public Amounts In(LimitWindow window, long start, long end) => window switch
    {
        LimitWindow.Event => All,
        LimitWindow.Minute => InMinute(start),
        _ => InHours(start, end),
    };

    private Amounts InHours(long start, long end)
    {
        var inside = default(Amounts);
        var outside = default(Amounts);
        foreach (var (hour, amounts) in hours)
            if (start <= hour && hour < end)
                inside += amounts;
            else
                outside += amounts;
        return start >= hoursFrom ? inside : All - outside;
    }

    private Amounts InMinute(long start)
    {
        if (minute.Start == start)
            return minute.Amounts;
        if (minuteBefore.Start == start)
            return minuteBefore.Amounts;
        if (start >= minutesFrom)
            return default;
        if (start + NeverSoLate < minute.Start)
            TurnBack(start);
        // At most the hour that the minute lies in; an hour may be twice as long where the clocks are set back.
        return InHours(start - 2 * 3_600, start + 60);
    }

    // The clock that said those minutes was ahead.
    private void TurnBack(long start)
    {
        minute = minuteBefore = None;
        minutesFrom = start + 60;
    }

    private void AddToHour(long hour, Amounts amounts)
    {
        if (hour < hoursFrom)
            return;
        var place = hours.Count - 1;
        while (place >= 0 && hours[place].Start > hour)
            place--;
        if (place >= 0 && hours[place].Start == hour)
        {
            hours[place] = new Bucket(hour, hours[place].Amounts + amounts);
            return;
        }
        hours.Insert(place + 1, new Bucket(hour, amounts));
        Forget();
    }

    private void Forget()
    {
        if (hours.Count <= MostWrong)
            return;
        var oldest = hours[^(MostWrong + 1)].Start - Remembered;
        if (hours[0].Start >= oldest)
            return;
        hours.RemoveAll(h => h.Start < oldest);
        hoursFrom = Math.Max(hoursFrom, oldest);
    }

    private void AddToMinute(long start, Amounts amounts)
    {
        if (start < minutesFrom)
            return;
        if (minute.Start == start)
        {
            minute = new Bucket(start, minute.Amounts + amounts);
            return;
        }
        if (minuteBefore.Start == start)
        {
            minuteBefore = new Bucket(start, minuteBefore.Amounts + amounts);
            return;
        }
        var forgotten = Math.Min(start, minuteBefore.Start);
        if (start > minute.Start)
            (minute, minuteBefore) = (new Bucket(start, amounts), minute);
        else if (start > minuteBefore.Start)
            minuteBefore = new Bucket(start, amounts);
        minutesFrom = Math.Max(minutesFrom, forgotten + 60);
    }

    private static long MinuteOf(long second) => second - second % 60;

    private readonly record struct Bucket(long Start, Amounts Amounts);
}
