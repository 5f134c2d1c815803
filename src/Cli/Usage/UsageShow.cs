using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Usage;

/// <summary>What was used, by what is asked for, with the sum of it all below.</summary>
internal static class UsageShow
{
    private static readonly IReadOnlyList<Field> Sums =
    [
        Field.Number("Requests", "requests"), Field.Number("Input", "input"), Field.Number("Cached", "cachedInput"), Field.Number("Output", "output"),
        Field.Number("Reasoning", "reasoning"), Field.Money("Cost", "cost"), Field.Number("Estimated", "estimated"), Field.Number("Unsettled", "unsettled"),
    ];

    private static readonly string[] Columns = ["key", "name", "requests", "input", "cachedInput", "output", "reasoning", "cost", "estimated", "unsettled"];

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        code.Arity = ArgumentArity.ZeroOrOne;
        code.Description = "The event's code, such as hack. Default: all events you see.";
        var by = Symbols.OneOf("--by", "By what it is parted. Default: attendee, and event where none is named.", "event", "attendee", "model", "operation", "hour", "day");
        var from = Symbols.Past("--from", "Only from then on, in whole hours:");
        var to = Symbols.Past("--to", "Only until then, likewise:");
        var csv = new Option<bool>("--csv") { Description = "Comma separated values, with the cost in micro-dollars." };
        return new("usage", "Shows what was used and what it cost.", "openai-proxy usage hack --by day", async run =>
        {
            var grouping = run.Get(by) ?? (run.Get(code) is null ? "event" : "attendee");
            var answer = await run.Api.GetAsync(PathOf(run.Get(code)) + Query(grouping, run.GetPast(from), run.GetPast(to)));
            if (run.Json)
                return await run.PrintAsync(answer.Text);
            var groups = (answer.Object["groups"] as JsonArray ?? []).OfType<JsonObject>().ToList();
            return run.Get(csv) ? await run.PrintAsync(Lines(groups)) : await PrintAsync(run, answer, grouping, groups);
        })
        {
            code, by, from, to, csv,
        };
    }

    private static string PathOf(string? code) => code is null ? ApiPath.Of($"usage") : ApiPath.Of($"events/{code}/usage");

    private static string Query(string grouping, string? from, string? to) =>
        $"?groupBy={grouping}" + (from is null ? "" : $"&from={Uri.EscapeDataString(from)}") + (to is null ? "" : $"&to={Uri.EscapeDataString(to)}");

    private static async Task<int> PrintAsync(Invocation run, Answer answer, string grouping, List<JsonObject> groups)
    {
        var total = answer.Object["total"] is JsonObject sum ? (JsonObject)sum.DeepClone() : [];
        total["key"] = "Total";
        var fields = Sums.Prepend(new Field(grouping, (row, _) => Printable.From((row["name"] ?? row["key"])?.ToString() ?? ""))).ToList();
        await Table.WriteAsync(run.Terminal, fields, [.. groups, total], run.Surroundings.Time.LocalTimeZone);
        return ExitCode.Ok;
    }

    private static string Lines(List<JsonObject> groups) =>
        string.Join("\r\n", groups.Select(g => Csv.Row(Columns.Select(c => g[c]?.ToString() ?? ""))).Prepend(Csv.Row(Columns)));
}
