namespace OpenAIProxy.Simulator.Latency;

/// <summary>How long a model thinks and how fast it writes.</summary>
/// <param name="FirstToken">Time to the first token; at most an hour.</param>
/// <param name="TokensPerSecond">After it, from 0.1 to a million; 0 means at once.</param>
/// <param name="Spread">Deviation of the logarithm of each time, from 0 to 2: 0 is a metronome, 0.2 is lively.</param>
internal sealed record LatencyModel(TimeSpan FirstToken, double TokensPerSecond, double Spread)
{
    public static readonly LatencyModel None = new(TimeSpan.Zero, 0, 0);
    public static readonly LatencyModel Fast = new(TimeSpan.FromMilliseconds(20), 500, 0.1);
    public static readonly LatencyModel Realistic = new(TimeSpan.FromMilliseconds(300), 50, 0.2);

    public override string ToString() => $"ttft={FirstToken.TotalMilliseconds}ms,tps={TokensPerSecond},spread={Spread}";

    public TimeSpan Gap => TokensPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1 / TokensPerSecond);
}
