using OpenAIProxy.Bench.Results;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Tests;

/// <summary>Measurements that a test makes up.</summary>
internal static class Figures
{
    public static Machine Machine { get; } = new("Some processor", 2, 16_000, "Linux", ".NET 10", "1.22", "0123456789", 0.01, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    public static BenchSettings SettingsIn(string folder, params string[] only) => new(
        3, 1, only, false, null, [], "server.dll", "passthrough.dll", "upstream.dll", "nginx",
        Path.Combine(folder, "work"), Path.Combine(folder, "results"), Path.Combine(folder, "docs", "bench.svg"));

    /// <param name="rounds">What each round gave.</param>
    public static ContestantResult Contestant(string label, Metric metric, params double[] rounds) =>
        new(label, [.. rounds.Select(value => new Sample(new Dictionary<string, double> { [metric.Name] = value }, 1_000, 0, null))]);

    public static Scenario Real(string name) => AllScenarios.All.Single(scenario => scenario.Name == name);

    public static Report ReportIn(string folder, params ScenarioResult[] results) =>
        results.Aggregate(new Report(Machine, SettingsIn(folder), [.. results.Select(result => result.Scenario)], [], []), (report, result) => report.With(result));
}
