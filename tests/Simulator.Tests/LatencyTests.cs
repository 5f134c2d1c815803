using OpenAIProxy.Simulator.Latency;
using OpenAIProxy.Simulator.Text;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class LatencyTests
{
    [Fact]
    public async Task A_stream_takes_the_time_to_the_first_token_and_one_gap_a_token()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--latency", "ttft=200ms,tps=10"], time);
        var start = time.GetUtcNow();

        var answer = AnswerAsync(simulator);
        for (var wait = 0; wait < 1 + 3; wait++)
        {
            await time.TimerAsync();
            time.AdvanceToNext();
        }

        (await answer).ShouldEndWith("data: [DONE]\n\n");
        (time.GetUtcNow() - start).ShouldBe(TimeSpan.FromMilliseconds(200 + 3 * 100));
    }

    [Fact]
    public async Task Times_are_the_same_under_the_same_seed_and_spread_around_the_model()
    {
        var model = new LatencyModel(TimeSpan.FromMilliseconds(300), 50, 0.2);

        var times = await TimesAsync(model, seed: 4);

        (await TimesAsync(model, seed: 4)).ShouldBe(times);
        (await TimesAsync(model, seed: 5)).ShouldNotBe(times);
        times.Distinct().Count().ShouldBeGreaterThan(10);
        times.Skip(1).Average(gap => gap.TotalMilliseconds).ShouldBe(20, 2);
    }

    [Fact]
    public async Task A_late_writer_catches_up()
    {
        var time = new ManualTime();
        var pace = new Pace(new LatencyModel(TimeSpan.Zero, 10, 0), new Dice(1), time);
        var first = pace.TokensAsync(1, CancellationToken.None);

        time.Advance(TimeSpan.FromMilliseconds(350));
        await first;

        NextAsync(pace).IsCompleted.ShouldBeTrue("the second was due at 200 ms");
        NextAsync(pace).IsCompleted.ShouldBeTrue("the third was due at 300 ms");
        NextAsync(pace).IsCompleted.ShouldBeFalse("the fourth is due at 400 ms");
    }

    [Theory]
    [InlineData("none", 0, 0, 0)]
    [InlineData("fast", 20, 500, 0.1)]
    [InlineData("realistic", 300, 50, 0.2)]
    [InlineData("ttft=2s,tps=7.5,spread=0", 2000, 7.5, 0)]
    [InlineData("tps=30", 0, 30, 0)]
    public void A_model_is_read_from_text(string text, double firstToken, double tokensPerSecond, double spread)
    {
        LatencyText.Read(text).ShouldBe(new LatencyModel(TimeSpan.FromMilliseconds(firstToken), tokensPerSecond, spread));
    }

    [Theory]
    [InlineData("")]
    [InlineData("slow")]
    [InlineData("ttft=300")]
    [InlineData("tps=-1")]
    [InlineData("ttft=1s;tps=4")]
    public void What_is_not_a_model_is_refused_with_an_example(string text)
    {
        Should.Throw<ArgumentException>(() => LatencyText.Read(text)).Message.ShouldContain("ttft=300ms,tps=50,spread=0.2");
    }

    private static Task NextAsync(Pace pace) => pace.TokensAsync(1, CancellationToken.None).AsTask();

    private static async Task<string> AnswerAsync(SimulatorUnderTest simulator)
    {
        using var answer = await simulator.ChatAsync(Ask("Tides [[tokens=3]]", "\"stream\":true"));
        return await answer.TextAsync();
    }

    private static async Task<List<TimeSpan>> TimesAsync(LatencyModel model, ulong seed)
    {
        var time = new ManualTime();
        var pace = new Pace(model, new Dice(seed), time);
        var times = new List<TimeSpan>();
        for (var wait = 0; wait < 200; wait++)
        {
            var waiting = wait == 0 ? pace.FirstTokenAsync(CancellationToken.None) : pace.TokensAsync(1, CancellationToken.None);
            times.Add(time.AdvanceToNext());
            await waiting;
        }

        return times;
    }
}
