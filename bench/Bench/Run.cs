using OpenAIProxy.Bench.Results;
using OpenAIProxy.Bench.Scenarios;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench;

/// <summary>One run from beginning to end.</summary>
internal static class Run
{
    /// <returns>The exit code: 1 where an answer was wrong or a scenario failed.</returns>
    public static async Task<int> RunAsync(BenchSettings settings, TextWriter output, CancellationToken cancellation)
    {
        Check(settings);
        var all = await ScenariosAsync(settings, cancellation);
        return await RunAsync(settings, await Machine.ReadAsync(settings, cancellation), all, output, cancellation);
    }

    /// <param name="all">What a whole run has.</param>
    public static async Task<int> RunAsync(BenchSettings settings, Machine machine, IReadOnlyList<Scenario> all, TextWriter output, CancellationToken cancellation)
    {
        using var _ = WorkLock.Take(settings.Work);
        Clear(settings.Work);
        var wanted = all.Where(scenario => settings.Only.Count == 0 || settings.Only.Contains(scenario.Name)).ToList();
        var progress = new Progress(output, wanted.Aggregate(TimeSpan.FromSeconds(20), (sum, scenario) => sum + scenario.Lasts(settings)));
        progress.Say($"{wanted.Count} scenarios on {machine}");
        var report = await MeasureAsync(await Report.BeginAsync(machine, settings, all, cancellation), wanted, progress, cancellation);
        await output.WriteLineAsync(MarkdownTable.Of(report));
        cancellation.ThrowIfCancellationRequested();
        if (report.Failures.Count > 0)
            throw new BenchException($"Failed:\n{string.Join('\n', report.Failures.Select(failure => $"  {failure.Scenario}: {failure.Reason}"))}\n{report.HowToGoOn} Logs are in {settings.Work}.");
        if (report.WrongAnswers.Any())
            throw new BenchException($"There were wrong answers, so the figures are worth nothing:\n{string.Join('\n', report.WrongAnswers)}\nLogs are in {settings.Work}.");
        Directory.Delete(settings.Work, recursive: true);
        return 0;
    }

    // What is measured is written down at once: it stays, whatever comes of those behind it.
    private static async Task<Report> MeasureAsync(Report report, IReadOnlyList<Scenario> wanted, Progress progress, CancellationToken cancellation)
    {
        await using var stage = new Stage(report.Settings);
        foreach (var scenario in wanted)
            try
            {
                report = report.With(await scenario.RunAsync(stage, progress, cancellation));
                await report.WriteAsync();
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                // What it was stopped in may throw anything.
                return report;
            }
            catch (Exception e)
            {
                report = report.With(new Failure(scenario.Name, e is BenchException ? e.Message : $"{e.GetType().Name}: {e.Message}"));
                await report.WriteAsync();
                progress.Say($"{scenario.Name} FAILED: {report.Failures[^1].Reason}");
            }
        return report;
    }

    private static async Task<IReadOnlyList<Scenario>> ScenariosAsync(BenchSettings settings, CancellationToken cancellation)
    {
        if (settings.Only.FirstOrDefault(name => AllScenarios.All.All(scenario => scenario.Name != name)) is { } unknown)
            throw new BenchException($"There is no scenario '{unknown}': --list says which there are.");
        var knowsDurability = await Gateway.KnowsAsync(settings, "--durability", cancellation);
        return [.. AllScenarios.All.Where(scenario => (settings.Full || !scenario.FullOnly || settings.Only.Contains(scenario.Name)) && (knowsDurability || !scenario.SetsDurability))];
    }

    private static void Check(BenchSettings settings)
    {
        foreach (var file in new[] { settings.Server, settings.Passthrough, settings.Upstream })
            if (!File.Exists(file))
                throw new BenchException($"There is no '{file}': start the bench with bench/run, which builds it.");
        if (settings.Variables.FirstOrDefault(variable => !variable.Contains('=', StringComparison.Ordinal)) is { } wrong)
            throw new BenchException($"--gateway-env {wrong}: say NAME=VALUE.");
    }

    private static void Clear(string work)
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
    }
}
