using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Latency;

/// <summary>
/// The clock of one answer. It waits until a token is due, not between tokens, so that what writing costs and what timers round
/// does not add up: a thousand tokens take as long as the model says.
/// </summary>
internal sealed class Pace(LatencyModel model, Dice dice, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private TimeSpan due;

    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>When the last awaited token is or was due, from the start.</summary>
    public TimeSpan Due => due;

    public ValueTask FirstTokenAsync(CancellationToken cancellation)
    {
        due += Vary(model.FirstToken);
        return UntilDueAsync(cancellation);
    }

    public ValueTask TokensAsync(int tokens, CancellationToken cancellation)
    {
        if (model.TokensPerSecond == 0)
            return default;
        for (var token = 0; token < tokens; token++)
            due += Vary(model.Gap);
        return UntilDueAsync(cancellation);
    }

    private TimeSpan Vary(TimeSpan usual) =>
        model.Spread == 0 || usual == TimeSpan.Zero ? usual : usual * Math.Exp(model.Spread * dice.Gauss());

    private ValueTask UntilDueAsync(CancellationToken cancellation)
    {
        var left = due - Elapsed;
        return left <= TimeSpan.Zero ? default : new ValueTask(Task.Delay(left, time, cancellation));
    }
}
