using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>Measures contestants under the same load, one after the other, round by round.</summary>
internal sealed class Comparison : Scenario
{
    // What starting and preparing takes beside the measurement itself.
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(1.2);

    public required Func<BenchSettings, LoadShape> Load { get; init; }

    public required Func<Stage, CancellationToken, Task<IReadOnlyList<Contestant>>> Contestants { get; init; }

    /// <summary>How many of them there are.</summary>
    public required int Count { get; init; }

    /// <summary>Whether each is started anew, so that its memory is the scenario's own; measured once.</summary>
    public bool StartsFresh { get; init; }

    /// <summary>What preparing it takes beside.</summary>
    public Func<BenchSettings, TimeSpan> Preparation { get; init; } = _ => TimeSpan.Zero;

    public override TimeSpan Lasts(BenchSettings settings) =>
        Preparation(settings) + (Load(settings).Lasts + settings.WarmUp + Around) * Count * Rounds(settings);

    public override async Task<ScenarioResult> RunAsync(Stage stage, Progress progress, CancellationToken cancellation)
    {
        var load = Load(stage.Settings);
        var contestants = await Contestants(stage, cancellation);
        var samples = contestants.ToDictionary(contestant => contestant.Label, _ => new List<Sample>());
        var rounds = Rounds(stage.Settings);
        for (var round = 1; round <= rounds; round++)
            foreach (var contestant in contestants)
            {
                cancellation.ThrowIfCancellationRequested();
                if (StartsFresh)
                    await RestartAsync(contestant.Subject, cancellation);
                var sample = await MeasureAsync(contestant, load, stage.Settings.WarmUp, cancellation);
                if (contestant.Label != AllScenarios.Direct && samples.TryGetValue(AllScenarios.Direct, out var direct))
                    sample = sample.Above(direct[^1]);
                samples[contestant.Label].Add(sample);
                progress.Say($"{Name}, round {round} of {rounds}: {contestant.Label} {Summary(sample)}");
            }
        return new ScenarioResult(this, $"{load}", [.. contestants.Select(contestant => new ContestantResult(contestant.Label, samples[contestant.Label]))]);
    }

    private int Rounds(BenchSettings settings) => StartsFresh ? 1 : settings.Rounds;

    private static async Task RestartAsync(Subject subject, CancellationToken cancellation)
    {
        await subject.StopAsync();
        await subject.StartAsync(cancellation);
    }

    private async Task<Sample> MeasureAsync(Contestant contestant, LoadShape load, TimeSpan warmUp, CancellationToken cancellation)
    {
        using var fleet = await Fleet.OpenAsync(contestant.Subject.Address, load.Connections);
        using var stop = cancellation.Register(fleet.Dispose);
        if (load.WarmUp(warmUp) is { } before)
            await before.RunAsync(fleet, contestant.Requests, contestant.Expectation);
        await contestant.Subject.QuietAsync(cancellation);
        var allocatedBefore = Shown.Contains(Metric.Allocated) ? await contestant.Subject.AllocatedAsync(cancellation) : null;
        var usageBefore = contestant.Subject.Usage;
        var tally = await load.RunAsync(fleet, contestant.Requests, contestant.Expectation);
        // What it does later is done for these requests, and would disturb whoever is measured next.
        await contestant.Subject.QuietAsync(cancellation);
        var usageAfter = contestant.Subject.Usage;
        var allocatedAfter = allocatedBefore is null ? null : await contestant.Subject.AllocatedAsync(cancellation);
        return Sample.Of(tally, usageBefore, usageAfter, allocatedAfter - allocatedBefore);
    }

    private string Summary(Sample sample) =>
        string.Join(", ", Shown.Where(metric => sample.Of(metric) is not null).Select(metric => $"{metric.Name} {sample.Of(metric):0.##} {metric.Unit}".TrimEnd()))
        + (sample.Wrong > 0 ? $", {sample.Wrong} WRONG ANSWERS: {sample.FirstWrong}" : "");
}
