namespace OpenAIProxy.Upstream;

/// <summary>
/// Turns for streams that pause between their chunks. One timer turns a wheel of tasks; all streams of a slot wait for the same one, so that
/// thousands of them cost one timer. A wheel that has fallen behind catches up.
/// </summary>
internal sealed class Pace
{
    private const int Slots = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource[] slots = [.. Enumerable.Range(0, Slots).Select(_ => new TaskCompletionSource())];
    private readonly TimeProvider time;
    private readonly long started;
    private long turned;

    public Pace(TimeProvider time)
    {
        this.time = time;
        started = time.GetTimestamp();
    }

    /// <summary>How long a slot waits for its next turn: 200 ms.</summary>
    public static TimeSpan Interval => Tick * Slots;

    /// <summary>The slot whose turn was last.</summary>
    public int Slot => (int)(Volatile.Read(ref turned) % Slots);

    public Task NextTurnOf(int slot) => Volatile.Read(ref slots[slot]).Task;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellation))
            for (var due = (long)(time.GetElapsedTime(started) / Tick); turned < due;)
                Turn((int)(Interlocked.Increment(ref turned) % Slots));
    }

    // The streams go on inside SetResult, one after the other.
    private void Turn(int slot) => Interlocked.Exchange(ref slots[slot], new TaskCompletionSource()).SetResult();
}
