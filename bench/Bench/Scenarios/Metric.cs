namespace OpenAIProxy.Bench.Scenarios;

/// <summary>What is measured.</summary>
/// <param name="Name">In the results.</param>
/// <param name="Unit">As people read it.</param>
/// <param name="IsDifference">Whether it is compared by what it is more, rather than by how many times.</param>
internal sealed record Metric(string Name, string Unit, bool IsDifference = false)
{
    public static readonly Metric Cpu = new("cpu", "µs");
    public static readonly Metric PerSecond = new("perSecond", "/s");
    public static readonly Metric P50 = new("p50", "ms", IsDifference: true);
    public static readonly Metric P99 = new("p99", "ms", IsDifference: true);
    public static readonly Metric Longest = new("longest", "ms", IsDifference: true);
    public static readonly Metric FirstByteP50 = new("firstByteP50", "ms", IsDifference: true);
    public static readonly Metric FirstByteP99 = new("firstByteP99", "ms", IsDifference: true);

    /// <summary>What is waited longer than without anything in between.</summary>
    public static readonly Metric AddedP50 = new("addedP50", "ms");
    public static readonly Metric AddedP99 = new("addedP99", "ms");
    public static readonly Metric AddedFirstByteP50 = new("addedFirstByteP50", "ms");
    public static readonly Metric AddedFirstByteP99 = new("addedFirstByteP99", "ms");

    public static readonly Metric Resident = new("resident", "MB");
    public static readonly Metric Peak = new("peak", "MB");
    public static readonly Metric Allocated = new("allocated", "bytes");
    public static readonly Metric Threads = new("threads", "");
    public static readonly Metric Handles = new("handles", "");
    public static readonly Metric Ready = new("ready", "s");

    /// <summary>What a start takes of the processors, however many others want them.</summary>
    public static readonly Metric StartCpu = new("startCpu", "s");
}
