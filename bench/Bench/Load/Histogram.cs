using System.Numerics;

namespace OpenAIProxy.Bench.Load;

/// <summary>How often times were how long, in buckets of at most 1.6% of their value. Thread-safe.</summary>
internal sealed class Histogram
{
    // Times with the same 7 leading bits share a bucket; 272 s and more share the last.
    private const int Steps = 64;
    private const int LeadingBits = 6;
    private const int Octaves = 32;

    private readonly long[] counts = new long[(Octaves + 1) * Steps];
    private long count;
    private long largest;

    public long Count => Volatile.Read(ref count);

    public double LargestMilliseconds => Volatile.Read(ref largest) / 1e6;

    public void Add(TimeSpan time)
    {
        var nanoseconds = Math.Max(0, (long)time.TotalNanoseconds);
        Interlocked.Increment(ref counts[Math.Min(BucketOf(nanoseconds), counts.Length - 1)]);
        Interlocked.Increment(ref count);
        for (var seen = Volatile.Read(ref largest); nanoseconds > seen; seen = Volatile.Read(ref largest))
            Interlocked.CompareExchange(ref largest, nanoseconds, seen);
    }

    /// <param name="share">Such as 0.99: that part of all times was not longer. 0 where there are none.</param>
    public double Milliseconds(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var bucket = 0; bucket < counts.Length; bucket++)
            if ((rank -= counts[bucket]) <= 0)
                return Math.Min(LargestIn(bucket) / 1e6, LargestMilliseconds);
        return LargestMilliseconds;
    }

    private static int BucketOf(long nanoseconds)
    {
        var octave = Math.Max(0, BitOperations.Log2((ulong)nanoseconds) - LeadingBits);
        return octave * Steps + (int)(nanoseconds >> octave);
    }

    private static long LargestIn(int bucket)
    {
        var octave = Math.Max(0, bucket / Steps - 1);
        return ((long)(bucket - octave * Steps + 1) << octave) - 1;
    }
}
