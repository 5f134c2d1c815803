namespace OpenAIProxy.Simulator.Tests;

/// <summary>A clock that stands still until it is moved. Thread-safe.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly List<TaskCompletionSource> waitingForTimer = [];
    private DateTimeOffset now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Until something waits for this clock.</summary>
    public Task TimerAsync()
    {
        lock (gate)
        {
            if (timers.Count > 0)
                return Task.CompletedTask;
            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waitingForTimer.Add(armed);
            return armed.Task;
        }
    }

    /// <summary>Moves to the earliest timer and rings it.</summary>
    /// <returns>How far it was.</returns>
    public TimeSpan AdvanceToNext()
    {
        TimeSpan step;
        lock (gate)
        {
            step = timers.Min(timer => timer.Due) - now;
        }

        Advance(step);
        return step;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due)];
            timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Ring());
    }

    private sealed class Timer(ManualTime time, Action ring) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            period.ShouldBe(Timeout.InfiniteTimeSpan, "a repeating timer is not needed here and not supported");
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time.now + dueTime;
                time.timers.Add(this);
                time.waitingForTimer.ForEach(waiting => waiting.TrySetResult());
                time.waitingForTimer.Clear();
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
