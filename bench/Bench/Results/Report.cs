using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Results;

/// <summary>A run, as it is written down.</summary>
/// <param name="All">The scenarios that a whole run has.</param>
internal sealed record Report(Machine Machine, BenchSettings Settings, IReadOnlyList<Scenario> All, IReadOnlyList<ScenarioResult> Results, IReadOnlyList<Failure> Failures)
{
    private const string Part = "part";

    public IEnumerable<string> WrongAnswers =>
        from result in Results
        from contestant in result.Contestants
        where contestant.Wrong > 0
        select $"{result.Scenario.Name}: {contestant.Wrong} of {contestant.Label}, such as {contestant.Rounds.First(round => round.Wrong > 0).FirstWrong}";

    /// <summary>What was on in the gateway and who it was compared with.</summary>
    public string WhatWasOn =>
        $"The gateway as it comes: keys, four limits of an attendee (one on money), prices, the durable SQLite ledger{(Settings.Durability is { } durability ? $" ({durability})" : "")}, "
        + $"metrics and logs{string.Concat(Settings.Variables.Select(variable => $", {variable}"))}";

    /// <summary>What to do about scenarios that failed.</summary>
    public string HowToGoOn =>
        $"What was measured is in {Path.Combine(Settings.Results, $"{Part}.md")}; --only {string.Join(' ', Failures.Select(failure => failure.Scenario))} adds "
        + (Machine.IsCommitted ? "what is missing." : "nothing to it, because files were changed since the commit.");

    // Figures that something is missing of, or that are worth nothing, take nobody's place.
    private bool IsWhole => Failures.Count == 0 && !WrongAnswers.Any() && All.All(scenario => Results.Any(result => result.Scenario.Name == scenario.Name));

    /// <summary>An empty one; or, where only some scenarios are measured, one with what an earlier run of the same commit with the same settings has left in part.json.</summary>
    public static async Task<Report> BeginAsync(Machine machine, BenchSettings settings, IReadOnlyList<Scenario> all, CancellationToken cancellation)
    {
        var empty = new Report(machine, settings, all, [], []);
        var part = empty.FileOf($"{Part}.json");
        return settings.Only.Count > 0 && machine.IsCommitted && File.Exists(part) ? JsonText.Continue(empty, await File.ReadAllTextAsync(part, cancellation)) : empty;
    }

    /// <summary>With one more scenario, or in place of what it had of that scenario.</summary>
    public Report With(ScenarioResult result) => this with
    {
        Results = [.. Without(result.Scenario.Name).Append(result).OrderBy(one => All.TakeWhile(scenario => scenario.Name != one.Scenario.Name).Count())],
        Failures = [.. Failures.Where(failure => failure.Scenario != result.Scenario.Name)],
    };

    /// <summary>With a scenario that failed; what it has given before is not shown beside that.</summary>
    public Report With(Failure failed) => this with
    {
        Results = [.. Without(failed.Scenario)],
        Failures = [.. Failures.Where(failure => failure.Scenario != failed.Scenario), failed],
    };

    public async Task WriteAsync()
    {
        Directory.CreateDirectory(Settings.Results);
        var (json, table) = (JsonText.Of(this), MarkdownTable.Of(this));
        foreach (var name in IsWhole ? new[] { "latest", $"{Machine.At:yyyy-MM-dd}-{Machine.Commit.TrimEnd('+')}" } : [Part])
        {
            await File.WriteAllTextAsync(FileOf($"{name}.json"), json);
            await File.WriteAllTextAsync(FileOf($"{name}.md"), table);
        }
        if (!IsWhole)
            return;
        foreach (var name in new[] { $"{Part}.json", $"{Part}.md" })
            File.Delete(FileOf(name));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Settings.Chart))!);
        await File.WriteAllTextAsync(Settings.Chart, Chart.Of(this));
    }

    private IEnumerable<ScenarioResult> Without(string scenario) => Results.Where(result => result.Scenario.Name != scenario);

    private string FileOf(string name) => Path.Combine(Settings.Results, name);
}
