using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Scenarios;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Tests;

/// <summary>How contestants are measured one after the other.</summary>
public sealed class ComparisonTests : IDisposable
{
    private static readonly Expectation Ok = new(answer => answer is { Status: 200, BodyLength: 2 });

    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentQueue<string> asked = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rounds_are_interleaved_so_that_a_machine_that_drifts_drifts_for_all()
    {
        await using var one = new IdleSubject("one", folder);
        await using var two = new IdleSubject("two", folder);
        using var first = AnswersFor(one);
        using var second = AnswersFor(two);
        await one.StartAsync(CancellationToken.None);
        await two.StartAsync(CancellationToken.None);

        var result = await MeasureAsync(one, two);

        asked.ShouldBe(["one", "two", "one", "two", "one", "two"]);
        result.Contestants.Select(contestant => (contestant.Label, contestant.Rounds.Count)).ShouldBe([("one", 3), ("two", 3)]);
        result.Contestants.ShouldAllBe(contestant => contestant.Rounds.All(round => round.Right == 1 && round.Of(Metric.Cpu) != null));
    }

    [Fact]
    public async Task Server_that_has_died_is_named_as_the_reason_and_there_again_when_it_is_started()
    {
        await using var one = new IdleSubject("one", folder);
        using var answers = AnswersFor(one);
        await one.StartAsync(CancellationToken.None);
        await one.EndAsync();

        (await Should.ThrowAsync<BenchException>(() => MeasureAsync(one, one))).Message.ShouldContain("ended with exit code");
        await one.StartAsync(CancellationToken.None);

        one.Usage.Threads.ShouldBe(1);
    }

    [Fact]
    public async Task Server_that_is_started_anew_has_to_be_warmed_up_anew()
    {
        await using var one = new IdleSubject("one", folder);
        using var answers = AnswersFor(one);
        await one.StartAsync(CancellationToken.None);
        one.IsWarm = true;

        await one.StartAsync(CancellationToken.None);
        one.IsWarm.ShouldBeTrue("it runs already");
        await one.StopAsync();
        await one.StartAsync(CancellationToken.None);
        one.IsWarm.ShouldBeFalse();
    }

    private ScriptedServer AnswersFor(Subject subject) => new(
        (socket, _) =>
        {
            asked.Enqueue(subject.Name);
            return ScriptedServer.SendAsync(socket, AnswerText.Ok);
        },
        subject.Address);

    private async Task<ScenarioResult> MeasureAsync(Subject one, Subject two)
    {
        var settings = Figures.SettingsIn(folder.Path);
        var requests = new Requests("chat", Bodies.Chat, "a-key");
        await using var stage = new Stage(settings);
        var comparison = new Comparison
        {
            Name = "both",
            About = "Both",
            Shown = [Metric.Cpu],
            Count = 2,
            Load = _ => new LoadShape.Once(1, TimeSpan.Zero),
            Contestants = (_, _) => Task.FromResult<IReadOnlyList<Contestant>>([new Contestant("one", one, requests, Ok), new Contestant("two", two, requests, Ok)]),
        };
        return await comparison.RunAsync(stage, new Progress(TextWriter.Null, TimeSpan.Zero), CancellationToken.None);
    }

    // Has a process, whose use is measured; it is the test that answers.
    private sealed class IdleSubject(string name, TemporaryFolder folder) : Subject(name)
    {
        /// <summary>Ends its process from outside.</summary>
        public async Task EndAsync()
        {
            using var process = Process.GetProcessById(int.Parse(folder.Read($"{Name}.log"), CultureInfo.InvariantCulture));
            process.Kill();
            await process.WaitForExitAsync();
        }

        protected override ServerProcess Launch() => ServerProcess.Start(Path.Combine(folder.Path, $"{Name}.log"), ["/bin/sh", "-c", "echo $$; exec tail -f /dev/null"], []);

        protected override async Task<bool> IsReadyAsync(CancellationToken cancellation) =>
            folder.Has($"{Name}.log") && folder.Read($"{Name}.log").EndsWith('\n') && await base.IsReadyAsync(cancellation);
    }
}
