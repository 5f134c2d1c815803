using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Tests;

/// <summary>A scenario that finds what a test wants, or fails.</summary>
internal sealed class ScriptedScenario(Func<ContestantResult> find) : Scenario
{
    public override TimeSpan Lasts(BenchSettings settings) => TimeSpan.FromSeconds(1);

    public override Task<ScenarioResult> RunAsync(Stage stage, Progress progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new ScenarioResult(this, "one at a time", [find()]));
    }

    public static ScriptedScenario Of(string name, Func<ContestantResult> find) => new(find) { Name = name, About = $"About {name}", Shown = [Metric.Cpu] };

    public static ScriptedScenario Of(string name, double cpu) => Of(name, () => Figures.Contestant("gateway", Metric.Cpu, cpu));
}
