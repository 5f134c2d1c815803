namespace OpenAIProxy.Gateway.Authentication;

/// <summary>
/// One bucket for each key, full at first: what is taken comes back one by one. Asking changes nothing. Thread-safe.
/// </summary>
/// <param name="size">How many a full bucket has; at least 1.</param>
/// <param name="refill">After how long one more comes back.</param>
/// <param name="most">
/// How many buckets are kept, however many keys are made up: about 50 bytes each, 5 MB for the default of 100,000. Beyond it those go that
/// nothing was taken from for longest, half of all at once, and are full again if they are asked for.
/// </param>
internal sealed class Buckets<TKey>(int size, TimeSpan refill, TimeProvider time, int most = 100_000)
    where TKey : struct, IEquatable<TKey>
{
    // A quarter of all time that a timestamp can tell is no end that anybody sees.
    private const long Longest = long.MaxValue / 4;

    private readonly long one = (long)Int128.Clamp((Int128)refill.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond, 1, Longest);
    private readonly Lock gate = new();

    // When each is full again, in timestamps: that is all there is to know of it.
    private readonly Recent<TKey, long> fullAt = new(most);

    private long Whole => (long)Int128.Min((Int128)size * one, Longest);

    /// <summary>Whether no whole one is left: it fills up all the time.</summary>
    public bool IsEmpty(TKey key)
    {
        lock (gate)
            return FullAt(key) - time.GetTimestamp() > Whole - one;
    }

    /// <summary>Takes one; of an empty bucket, what had come back of the next.</summary>
    public void Take(TKey key)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            fullAt.Put(key, Math.Min(Math.Max(FullAt(key), now) + one, now + Whole));
        }
    }

    private long FullAt(TKey key) => fullAt.TryGet(key, out var at) ? at : -Longest;
}
