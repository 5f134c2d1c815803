namespace OpenAIProxy.Server.Metrics;

/// <summary>The values of one instrument under one set of tags.</summary>
internal sealed class Series(double[] bounds)
{
    private readonly Lock gate = new();
    private readonly long[] buckets = new long[bounds.Length];
    private double sum;
    private long count;

    public void Add(double value)
    {
        lock (gate)
        {
            sum += value;
            count++;
            for (var i = bounds.Length - 1; i >= 0 && value <= bounds[i]; i--)
                buckets[i]++;
        }
    }

    public void Set(double value)
    {
        lock (gate)
            sum = value;
    }

    /// <returns>The buckets' counts each include those of the smaller ones, as Prometheus has them.</returns>
    public (double Sum, long Count, long[] Buckets) Read()
    {
        lock (gate)
            return (sum, count, [.. buckets]);
    }
}
