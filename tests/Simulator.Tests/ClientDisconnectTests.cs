using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class ClientDisconnectTests
{
    [Fact]
    public async Task A_stream_that_is_left_is_counted_up_to_where_it_was_left()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"hold","after":7}""");

        var answer = await simulator.ChatAsync(Ask("Tides", "\"stream\":true"));
        await simulator.RequestsAsync("held=1");
        answer.Dispose();
        var request = (await simulator.RequestsAsync("ended=1")).Single();

        request.GetProperty("state").GetString().ShouldBe("cancelled");
        // Seven events: filter results, role, and five tokens.
        request.GetProperty("completionTokens").GetInt32().ShouldBe(5);
        var served = await simulator.ServedAsync();
        served.Total("cancelled").ShouldBe(1);
        served.Total("completed").ShouldBe(0);
        served.Total("completionTokens").ShouldBe(5);
        served.Total("cancelledCompletionTokens").ShouldBe(5);
        served.Total("promptTokens").ShouldBe(request.GetProperty("promptTokens").GetInt64());
    }

    [Fact]
    public async Task A_whole_answer_that_is_not_awaited_is_counted_as_far_as_it_was_written()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--latency", "ttft=1s,tps=10"], time);
        using var leaving = new CancellationTokenSource();
        var answer = simulator.ChatAsync(Ask("Tides [[tokens=100]]"), cancellation: leaving.Token);
        await time.TimerAsync();
        time.AdvanceToNext();
        await time.TimerAsync();

        time.Advance(TimeSpan.FromSeconds(4));
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        (await simulator.RequestsAsync("ended=1")).Single().GetProperty("completionTokens").GetInt32().ShouldBe(40);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_first_token_is_charged_for_the_prompt_only()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--latency", "ttft=10s,tps=10"], time);
        using var leaving = new CancellationTokenSource();
        var answer = simulator.ChatAsync(Ask("Tides [[tokens=100]]"), cancellation: leaving.Token);
        await time.TimerAsync();

        time.Advance(TimeSpan.FromSeconds(9));
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        var request = (await simulator.RequestsAsync("ended=1")).Single();
        request.GetProperty("state").GetString().ShouldBe("cancelled");
        request.GetProperty("completionTokens").GetInt32().ShouldBe(0);
        request.GetProperty("promptTokens").GetInt32().ShouldBeGreaterThan(0);
    }
}
