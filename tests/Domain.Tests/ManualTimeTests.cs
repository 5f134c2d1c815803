using OpenAIProxy.Testing;

namespace OpenAIProxy.Domain.Tests;

/// <summary>The clock that other tests rely on.</summary>
public sealed class ManualTimeTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        var (now, stamp) = (time.GetUtcNow(), time.GetTimestamp());

        time.Advance(TimeSpan.FromSeconds(5));

        time.GetUtcNow().ShouldBe(now.AddSeconds(5));
        time.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_clock_that_is_set_makes_no_time_pass()
    {
        var (now, stamp, fired) = (time.GetUtcNow(), time.GetTimestamp(), 0);
        using var timer = time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);

        time.Set(TimeSpan.FromDays(3));
        time.Advance(TimeSpan.FromSeconds(4));

        (time.GetUtcNow(), time.GetElapsedTime(stamp), fired).ShouldBe((now.AddDays(3).AddSeconds(4), TimeSpan.FromSeconds(4), 0));
    }

    [Fact]
    public void Timers_fire_in_their_order_at_their_time_and_not_before()
    {
        var (start, fired) = (time.GetUtcNow(), new List<(string, TimeSpan)>());
        void Note(object? name) => fired.Add(((string)name!, time.GetUtcNow() - start));
        using var late = time.CreateTimer(Note, "late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var early = time.CreateTimer(Note, "early", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var never = time.CreateTimer(Note, "never", Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(0.9));
        fired.ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(1.2));

        fired.ShouldBe([("early", TimeSpan.FromSeconds(1)), ("early", TimeSpan.FromSeconds(2))]);
    }

    [Fact]
    public void A_timer_that_is_changed_or_disposed_does_not_fire_as_before()
    {
        var fired = 0;
        using var changed = time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var disposed = time.CreateTimer(_ => fired += 100, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        changed.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        time.Advance(TimeSpan.FromSeconds(4));
        fired.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(1));

        fired.ShouldBe(1);
    }

    [Fact]
    public async Task One_can_wait_until_a_timer_waits()
    {
        var waiting = time.UntilWaitingAsync(1);
        waiting.IsCompleted.ShouldBeFalse();

        using var timer = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        await waiting;
        time.WaitingTimers.ShouldBe(1);
    }

    [Fact]
    public void A_cancellation_source_obeys_it()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        time.Advance(TimeSpan.FromSeconds(9));
        source.CancelAfter(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9));
        source.IsCancellationRequested.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(1));

        source.IsCancellationRequested.ShouldBeTrue();
    }
}
