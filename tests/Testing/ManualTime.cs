namespace OpenAIProxy.Testing;

/// <summary>A clock that stands still until it is told to go on. Timers fire inside <see cref="Advance"/>, in their order.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    // A test that waits for what never comes shall fail, not hang.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(Func<bool> IsSo, TaskCompletionSource Reached)> awaited = [];
    private DateTimeOffset now = start;
    // How far somebody has set the clock; no timer and no timestamp hears of it.
    private TimeSpan wrong;

    /// <summary>Begins at noon of an ordinary day.</summary>
    public ManualTime()
        : this(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now + wrong;
    }

    public override long GetTimestamp()
    {
        lock (gate)
            return now.UtcTicks;
    }

    /// <summary>Sets the clock forward or back, as a person or a time server does: no time passes, and no timer fires.</summary>
    public void Set(TimeSpan by)
    {
        lock (gate)
            wrong += by;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset until;
        lock (gate)
            until = now + by;
        while (NextDue(until) is { } timer)
            timer.Fire();
        lock (gate)
            now = until;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
            Announce();
        }
        return timer;
    }

    /// <summary>How many timers wait for their time: lets a test advance only after what it tests has begun to wait.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (gate)
                return timers.Count(t => t.Due is not null);
        }
    }

    /// <summary>Completes when so many timers wait.</summary>
    public Task UntilWaitingAsync(int count) => UntilAsync(() => timers.Count(t => t.Due is not null) >= count);

    /// <summary>Completes when a timer waits that is due in exactly that time.</summary>
    public Task UntilDueInAsync(TimeSpan wait) => UntilAsync(() => timers.Any(t => t.Due == now + wait));

    /// <summary>Completes when no timer waits.</summary>
    public Task UntilNoneWaitsAsync() => UntilAsync(() => timers.All(t => t.Due is null));

    private Task UntilAsync(Func<bool> isSo)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited.Add((isSo, reached));
            Announce();
            return reached.Task.WaitAsync(LongestWait);
        }
    }

    private void Announce()
    {
        foreach (var (_, reached) in awaited.Where(a => a.IsSo()))
            reached.TrySetResult();
        awaited.RemoveAll(a => a.Reached.Task.IsCompleted);
    }

    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next is not null && next.Due > now)
                now = next.Due.Value;
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                this.period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
                time.Announce();
            }
            return true;
        }

        public void Fire()
        {
            lock (time.gate)
                Due = period > TimeSpan.Zero ? Due + period : null;
            callback();
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                Due = null;
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
