using System.Text;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Results;

/// <summary>A run for people. Figures are medians over the rounds, with the least and the most in brackets where they matter.</summary>
internal static class MarkdownTable
{
    public static string Of(Report report)
    {
        var text = new StringBuilder();
        text.AppendLine($"# Bench of {report.Machine.At:d MMMM yyyy}, commit {report.Machine.Commit}").AppendLine();
        text.AppendLine($"{report.Machine}. {report.Settings.Rounds} rounds of {report.Settings.Seconds} s each{(report.Settings.Full ? ", full" : "")}.").AppendLine();
        text.AppendLine($"{report.WhatWasOn}. Load, upstream and what is measured share the processors. CPU is of the process that is measured, for one request.").AppendLine();
        foreach (var failure in report.Failures)
            text.AppendLine($"**Failed: {failure.Scenario}:** {failure.Reason}").AppendLine();
        foreach (var wrong in report.WrongAnswers)
            text.AppendLine($"**Wrong answers, so these figures are worth nothing:** {wrong}").AppendLine();
        Figures(text, report);
        Durability(text, report);
        foreach (var result in report.Results)
            Scenario(text, result);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Figures(StringBuilder text, Report report)
    {
        var measured = Figure.All.Where(figure => figure.In(report.Results) is not null).ToList();
        if (measured.Count == 0)
            return;
        text.AppendLine("## Figures").AppendLine();
        text.AppendLine("| | measured | at most | aim | |").AppendLine("|---|---|---|---|---|");
        foreach (var figure in measured)
        {
            var spread = figure.In(report.Results)!.Value;
            var reached = spread.Median <= figure.Aim ? "aim" : spread.Median <= figure.AtMost ? "kept" : "**missed**";
            text.AppendLine($"| {figure.Name} | {Text(spread)} {figure.Unit} | {figure.AtMost} | {figure.Aim} | {reached} |");
        }
        text.AppendLine();
    }

    private static void Durability(StringBuilder text, Report report)
    {
        var costs = report.Results.Where(result => result.Scenario.SetsDurability && result.Of("default") is not null)
            .Select(result => (What: result.Scenario.Name == "durability" ? "a small chat" : "a stream", Cpu: result.Compare(Metric.Cpu, "default"), Rate: result.Compare(Metric.PerSecond, "default")))
            .Where(cost => cost is { Cpu: not null, Rate: not null }).ToList();
        if (costs.Count > 0)
            text.AppendLine($"With `--durability power` {string.Join(", and ", costs.Select(cost => $"{cost.What} takes × {Text(cost.Cpu!.Value)} of the CPU at × {Text(cost.Rate!.Value)} of the rate"))}.").AppendLine();
    }

    private static void Scenario(StringBuilder text, ScenarioResult result)
    {
        var shown = result.Scenario.Shown.Where(metric => result.Contestants.Any(contestant => contestant.Of(metric) is not null)).ToList();
        text.AppendLine($"## {result.Scenario.Name}").AppendLine();
        text.AppendLine($"{result.Scenario.About}. {char.ToUpperInvariant(result.Load[0])}{result.Load[1..]}.").AppendLine();
        text.AppendLine($"| | {string.Join(" | ", shown.Select(Heading))} |").AppendLine($"|---|{string.Concat(shown.Select(_ => "---|"))}");
        foreach (var contestant in result.Contestants)
            text.AppendLine($"| {contestant.Label} | {string.Join(" | ", shown.Select(metric => contestant.Of(metric) is { } spread ? Number(spread.Median) : ""))} |");
        var last = result.Contestants[^1].Label;
        foreach (var other in result.Contestants.SkipLast(1))
            text.AppendLine($"| {last} to {other.Label} | {string.Join(" | ", shown.Select(metric => Compared(metric, result.Compare(metric, other.Label))))} |");
        text.AppendLine();
    }

    private static string Heading(Metric metric) => metric.Unit.Length > 0 ? $"{metric.Name}, {metric.Unit}" : metric.Name;

    private static string Compared(Metric metric, Spread? spread) =>
        spread is not { } known ? "" : metric.IsDifference ? $"{(known.Median < 0 ? "" : "+")}{Text(known)}" : $"× {Text(known)}";

    private static string Text(Spread spread) => $"{Number(spread.Median)} ({Number(spread.Min)} to {Number(spread.Max)})";

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("N0"),
        >= 100 => value.ToString("0"),
        >= 10 => value.ToString("0.0"),
        _ => value.ToString("0.00"),
    };
}
