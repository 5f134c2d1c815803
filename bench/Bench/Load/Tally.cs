using System.Diagnostics;

namespace OpenAIProxy.Bench.Load;

/// <summary>What a load brought. Thread-safe.</summary>
internal sealed class Tally(Expectation expectation)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private long wrong;
    private string? firstWrong;

    /// <summary>From when a request was to be sent until its answer was whole.</summary>
    public Histogram Whole { get; } = new();

    /// <summary>From when a request was to be sent until the first byte of its answer's body.</summary>
    public Histogram FirstByte { get; } = new();

    public long Right => Whole.Count;

    public long Wrong => Volatile.Read(ref wrong);

    /// <summary>What was wrong with the first wrong answer, or null.</summary>
    public string? FirstWrong => Volatile.Read(ref firstWrong);

    public TimeSpan Lasted { get; private set; }

    public void Add(Answer answer, long intended)
    {
        if (!expectation.IsRight(answer))
        {
            Interlocked.Increment(ref wrong);
            Interlocked.CompareExchange(ref firstWrong, $"{answer}", null);
            return;
        }
        Whole.Add(Stopwatch.GetElapsedTime(intended));
        FirstByte.Add(Stopwatch.GetElapsedTime(intended, answer.FirstByte));
    }

    public Tally Ended()
    {
        Lasted = Stopwatch.GetElapsedTime(started);
        return this;
    }
}
