using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Results;

/// <summary>A run for programs: every measurement of every round, and what follows from them.</summary>
internal static class JsonText
{
    private const string BusyBefore = "busyBefore";
    private const string Requests = "requests";
    private const string Wrong = "wrong";
    private const string FirstWrong = "firstWrong";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1 };

    public static string Of(Report report) => new JsonObject
    {
        ["at"] = report.Machine.At.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        ["commit"] = report.Machine.Commit,
        ["machine"] = MachineOf(report.Machine),
        ["settings"] = SettingsOf(report.Settings),
        ["figures"] = new JsonArray([.. Figure.All.Select(figure => FigureIn(report, figure)).OfType<JsonNode>()]),
        ["failures"] = new JsonArray([.. report.Failures.Select(failure => (JsonNode)new JsonObject { ["scenario"] = failure.Scenario, ["reason"] = failure.Reason })]),
        ["scenarios"] = new JsonArray([.. report.Results.Select(ScenarioOf)]),
    }.ToJsonString(Indented) + "\n";

    /// <param name="report">Without results.</param>
    /// <param name="json">What was written of an earlier run.</param>
    /// <returns>The report with that run's results; as it is where that one was of another commit, machine or with other settings.</returns>
    public static Report Continue(Report report, string json)
    {
        var earlier = JsonNode.Parse(json)!;
        var busy = (double)earlier["machine"]![BusyBefore]!;
        earlier["machine"]![BusyBefore] = Rounded(report.Machine.Busy);
        if ((string?)earlier["commit"] != report.Machine.Commit
            || !IsSame(earlier["machine"], MachineOf(report.Machine))
            || !IsSame(earlier["settings"], SettingsOf(report.Settings)))
            return report;
        report = report with { Machine = report.Machine with { Busy = Math.Max(busy, report.Machine.Busy) } };
        foreach (var failure in earlier["failures"]!.AsArray())
            report = report.With(new Failure((string)failure!["scenario"]!, (string)failure["reason"]!));
        foreach (var result in earlier["scenarios"]!.AsArray())
            if (report.All.FirstOrDefault(scenario => scenario.Name == (string?)result!["name"]) is { } scenario)
                report = report.With(new ScenarioResult(scenario, (string)result!["load"]!, [.. result["contestants"]!.AsArray().Select(contestant => ReadContestant(contestant!))]));
        return report;
    }

    private static JsonObject MachineOf(Machine machine) => new()
    {
        ["processor"] = machine.Processor,
        ["processors"] = machine.Processors,
        ["memoryMegabytes"] = machine.MemoryMegabytes,
        ["system"] = machine.System,
        ["runtime"] = machine.Runtime,
        ["nginx"] = machine.Nginx,
        [BusyBefore] = Rounded(machine.Busy),
    };

    private static JsonObject SettingsOf(BenchSettings settings) => new()
    {
        ["rounds"] = settings.Rounds,
        ["seconds"] = settings.Seconds,
        ["full"] = settings.Full,
        ["durability"] = settings.Durability ?? "default",
        ["gatewayVariables"] = new JsonArray([.. settings.Variables.Select(variable => (JsonNode)variable)]),
    };

    private static JsonObject? FigureIn(Report report, Figure figure) => figure.In(report.Results) is not { } spread ? null : new JsonObject
    {
        ["name"] = figure.Name,
        ["unit"] = figure.Unit,
        ["value"] = Rounded(spread.Median),
        ["min"] = Rounded(spread.Min),
        ["max"] = Rounded(spread.Max),
        ["atMost"] = figure.AtMost,
        ["aim"] = figure.Aim,
    };

    private static JsonNode ScenarioOf(ScenarioResult result) => new JsonObject
    {
        ["name"] = result.Scenario.Name,
        ["about"] = result.Scenario.About,
        ["load"] = result.Load,
        ["contestants"] = new JsonArray([.. result.Contestants.Select(ContestantOf)]),
        ["comparisons"] = new JsonArray([.. Comparisons(result)]),
    };

    private static JsonNode ContestantOf(ContestantResult contestant) => new JsonObject
    {
        ["label"] = contestant.Label,
        ["wrong"] = contestant.Wrong,
        ["rounds"] = new JsonArray([.. contestant.Rounds.Select(RoundOf)]),
    };

    private static JsonNode RoundOf(Sample round)
    {
        var node = new JsonObject { [Requests] = round.Right };
        if (round.Wrong > 0)
            (node[Wrong], node[FirstWrong]) = (round.Wrong, round.FirstWrong);
        foreach (var (name, value) in round.Values)
            node[name] = Rounded(value);
        return node;
    }

    private static ContestantResult ReadContestant(JsonNode node) => new((string)node["label"]!, [.. node["rounds"]!.AsArray().Select(round => ReadRound(round!.AsObject()))]);

    private static Sample ReadRound(JsonObject node)
    {
        var values = node.Where(value => value.Key is not (Requests or Wrong or FirstWrong)).ToDictionary(value => value.Key, value => (double)value.Value!);
        return new Sample(values, (long)node[Requests]!, (long?)node[Wrong] ?? 0, (string?)node[FirstWrong]);
    }

    private static IEnumerable<JsonNode> Comparisons(ScenarioResult result) =>
        from metric in result.Scenario.Shown
        from other in result.Contestants.SkipLast(1)
        let spread = result.Compare(metric, other.Label)
        where spread is not null
        select new JsonObject
        {
            ["metric"] = metric.Name,
            ["of"] = result.Contestants[^1].Label,
            ["to"] = other.Label,
            ["is"] = metric.IsDifference ? "difference" : "ratio",
            ["min"] = Rounded(spread.Value.Min),
            ["median"] = Rounded(spread.Value.Median),
            ["max"] = Rounded(spread.Value.Max),
        };

    // By what they say: a number that was read and one that was made are not the same to DeepEquals.
    private static bool IsSame(JsonNode? one, JsonNode other) => one?.ToJsonString() == other.ToJsonString();

    private static double Rounded(double value) => Math.Round(value, 4);
}
