using System.Collections.Concurrent;
using OpenAIProxy.Domain.Refusals;

namespace OpenAIProxy.Storage.Refusals;

/// <summary>Refusals that wait to be written: counts by event, reason and minute, and the last of each attendee. Thread-safe, without a lock of its own.</summary>
/// <param name="most">How many counts there are at the most, and how many attendees; what is more is dropped.</param>
internal sealed class PendingRefusals(int most)
{
    private readonly ConcurrentDictionary<RefusalKey, Counter> counters = new();
    private readonly ConcurrentDictionary<long, LastRefusal> last = new();
    private int counterCount;
    private int lastCount;
    private long dropped;

    public void Add(in RefusalNote note)
    {
        Count(new RefusalKey(note.Event, note.Code, MinuteOf(note.At)));
        if (note.Attendee is { } attendee)
            Remember(attendee, new LastRefusal(note.At, note.Code, note.Message, note.Request));
    }

    /// <summary>What there is to be written; it stays until it is taken off.</summary>
    public IReadOnlyList<PendingCount> Counts() =>
        [.. counters.Select(c => new PendingCount(c.Key, c.Value, c.Value.Pending)).Where(c => c.Count > 0)];

    public IReadOnlyList<KeyValuePair<long, LastRefusal>> Last() => [.. last];

    /// <summary>Takes off what has been written.</summary>
    public void TakeOff(PendingCount written)
    {
        written.Counter.TakeOff(written.Count);
        if (written.Counter.TryClose())
            Forget(written.Key, written.Counter);
    }

    /// <summary>The same, unless there is a newer one by now.</summary>
    public void TakeOff(KeyValuePair<long, LastRefusal> written)
    {
        if (last.TryRemove(written))
            Interlocked.Decrement(ref lastCount);
    }

    /// <summary>How many there was no room for, since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    private void Count(in RefusalKey key)
    {
        while (true)
        {
            if (!counters.TryGetValue(key, out var counter))
            {
                if (Volatile.Read(ref counterCount) >= most)
                {
                    Interlocked.Increment(ref dropped);
                    return;
                }
                counter = new Counter();
                if (!counters.TryAdd(key, counter))
                    continue;
                Interlocked.Increment(ref counterCount);
            }
            if (counter.TryAdd())
                return;
            // It has been written and closed: the next one is a new one.
            Forget(key, counter);
        }
    }

    private void Remember(long attendee, LastRefusal refusal)
    {
        while (true)
        {
            if (last.TryGetValue(attendee, out var known))
            {
                if (known.At > refusal.At || last.TryUpdate(attendee, refusal, known))
                    return;
            }
            else if (Volatile.Read(ref lastCount) >= most)
            {
                return;
            }
            else if (last.TryAdd(attendee, refusal))
            {
                Interlocked.Increment(ref lastCount);
                return;
            }
        }
    }

    private void Forget(in RefusalKey key, Counter counter)
    {
        if (counters.TryRemove(KeyValuePair.Create(key, counter)))
            Interlocked.Decrement(ref counterCount);
    }

    private static long MinuteOf(DateTimeOffset at)
    {
        var second = at.ToUnixTimeSeconds();
        return second - second % 60;
    }

    /// <summary>Counts until it is closed, which it can be only while nothing waits in it: no refusal falls between two.</summary>
    internal sealed class Counter
    {
        private const long Closed = long.MinValue;

        private long pending;

        public long Pending => Interlocked.Read(ref pending);

        public bool TryAdd() => Interlocked.Increment(ref pending) > 0;

        public void TakeOff(long written) => Interlocked.Add(ref pending, -written);

        public bool TryClose() => Interlocked.CompareExchange(ref pending, Closed, 0) == 0;
    }
}

/// <summary>What refusals are counted by.</summary>
/// <param name="Minute">Its first second, since 1970.</param>
internal readonly record struct RefusalKey(string Event, string Reason, long Minute);

/// <summary>A count that waits.</summary>
internal readonly record struct PendingCount(RefusalKey Key, PendingRefusals.Counter Counter, long Count);
