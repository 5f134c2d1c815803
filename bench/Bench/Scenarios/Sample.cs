using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>What one measurement of one contestant gave.</summary>
/// <param name="FirstWrong">What was wrong with the first wrong answer, or null.</param>
internal sealed record Sample(IReadOnlyDictionary<string, double> Values, long Right, long Wrong, string? FirstWrong)
{
    private const double Megabyte = 1e6;

    private static readonly (Metric Of, Metric Added)[] Added =
    [
        (Metric.P50, Metric.AddedP50), (Metric.P99, Metric.AddedP99), (Metric.FirstByteP50, Metric.AddedFirstByteP50), (Metric.FirstByteP99, Metric.AddedFirstByteP99),
    ];

    public double? Of(Metric metric) => Values.TryGetValue(metric.Name, out var value) ? value : null;

    /// <param name="direct">What the same load took without anything in between, a few seconds before.</param>
    public Sample Above(Sample direct)
    {
        var values = new Dictionary<string, double>(Values);
        foreach (var (of, added) in Added)
            values[added.Name] = Values[of.Name] - direct.Values[of.Name];
        return this with { Values = values };
    }

    public static Sample Of(Tally tally, ProcessUsage before, ProcessUsage after, double? allocated)
    {
        var values = new Dictionary<string, double>
        {
            [Metric.PerSecond.Name] = tally.Right / tally.Lasted.TotalSeconds,
            [Metric.P50.Name] = tally.Whole.Milliseconds(0.5),
            [Metric.P99.Name] = tally.Whole.Milliseconds(0.99),
            [Metric.Longest.Name] = tally.Whole.LargestMilliseconds,
            [Metric.FirstByteP50.Name] = tally.FirstByte.Milliseconds(0.5),
            [Metric.FirstByteP99.Name] = tally.FirstByte.Milliseconds(0.99),
            [Metric.Resident.Name] = after.Resident / Megabyte,
            [Metric.Peak.Name] = after.Peak / Megabyte,
            [Metric.Threads.Name] = after.Threads,
            [Metric.Handles.Name] = after.Handles,
        };
        var requests = Math.Max(1, tally.Right + tally.Wrong);
        values[Metric.Cpu.Name] = (after.Cpu - before.Cpu).TotalMicroseconds / requests;
        if (allocated is { } bytes)
            values[Metric.Allocated.Name] = bytes / requests;
        return new Sample(values, tally.Right, tally.Wrong, tally.FirstWrong);
    }
}
