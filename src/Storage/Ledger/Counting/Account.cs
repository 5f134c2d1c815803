using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>What is used and set aside of one unit in one window.</summary>
/// <param name="start">The window's first second, since 1970; 0 where it never begins anew.</param>
/// <param name="end">The first second after it; <see cref="long.MaxValue"/> where it never ends.</param>
internal sealed class Account(Tally tally, LimitUnit unit, LimitWindow window, long start, long end)
{
    public Tally Tally => tally;

    public LimitUnit Unit => unit;

    public LimitWindow Window => window;

    public long Start => start;

    public long End => end;

    public long Used { get; set; }

    public long Reserved { get; set; }

    public Balance Balance => new(Used, Reserved);

    /// <summary>Whether it is what a hold asks for. The end as well: after a change of the event's time zone, two windows may begin together.</summary>
    /// <param name="heldUntil">When the hold's window ends, as in <see cref="End"/>.</param>
    public bool IsOf(in AccountKey key, long heldUntil) => unit == key.Unit && window == key.Window && start == key.Start && end == heldUntil;

    /// <summary>
    /// Whether a use belongs to it: by its hour, as totals and entries know it, and only in minutes by its moment. After a change of the event's time zone an hour
    /// may lie across the end of a window.
    /// </summary>
    /// <param name="second">Of its admission, since 1970.</param>
    /// <param name="hour">The first second of its hour.</param>
    public bool Contains(long second, long hour)
    {
        var at = window == LimitWindow.Minute ? second : hour;
        return start <= at && at < end;
    }
}
