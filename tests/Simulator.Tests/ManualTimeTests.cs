namespace OpenAIProxy.Simulator.Tests;

public sealed class ManualTimeTests
{
    [Fact]
    public async Task A_delay_ends_when_the_clock_has_been_moved_far_enough()
    {
        var time = new ManualTime();
        var delay = Task.Delay(TimeSpan.FromSeconds(10), time, CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(9));
        delay.IsCompleted.ShouldBeFalse();
        time.AdvanceToNext().ShouldBe(TimeSpan.FromSeconds(1));

        await delay;
    }

    [Fact]
    public async Task One_can_wait_for_somebody_to_wait()
    {
        var time = new ManualTime();
        var timer = time.TimerAsync();
        timer.IsCompleted.ShouldBeFalse();

        var delay = Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);

        await timer;
        time.AdvanceToNext();
        await delay;
    }
}
