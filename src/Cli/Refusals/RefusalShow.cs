using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Refusals;

/// <summary>How often requests were refused, by what is asked for, with the sum of it all below.</summary>
internal static class RefusalShow
{
    // A request with a wrong key is of no event that anybody knows.
    private static readonly Field Event = new("Event", (row, _) => row["event"] is { } code ? code.ToString() is { Length: > 0 } known ? Printable.From(known) : "(none)" : "");
    private static readonly string[] Columns = ["from", "event", "reason", "count"];

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        code.Arity = ArgumentArity.ZeroOrOne;
        code.Description = "The event's code, such as hack. Default: all events you see.";
        var by = Symbols.OneOf("--by", "By what they are parted. Default: reason, and event where none is named.", "reason", "event", "minute", "hour", "day");
        var per = Symbols.OneOf("--per", "Besides, by which stretches of time; minutes of 7 days at most.", "minute", "hour", "day");
        var reason = Symbols.Text("--reason", "CODE", "Only those of this code, such as limit_requests_per_minute.");
        var from = Symbols.Past("--from", "Only from then on, in whole minutes:");
        var to = Symbols.Past("--to", "Only until then, likewise:");
        var csv = new Option<bool>("--csv") { Description = "Comma separated values." };
        return new("refusals", "Shows how often requests were refused, and why.", "openai-proxy refusals hack --per hour", async run =>
        {
            var said = run.Get(by) ?? (run.Get(code) is null ? "event" : "reason");
            var (grouping, interval) = said is "reason" or "event" ? (said, run.Get(per)) : (null, said);
            if (grouping is null && run.Has(per))
                throw new CommandFailedException(ExitCode.WrongUsage, $"--by {said} and --per both say a stretch of time: give one of them.");
            var query = Query(("groupBy", grouping), ("interval", interval), ("reason", run.Get(reason)), ("from", run.GetPast(from)), ("to", run.GetPast(to)));
            var path = run.Get(code) is { } named ? ApiPath.Of($"events/{named}/refusals") : ApiPath.Of($"refusals");
            var answer = await Listing.AllAsync(run, number => $"{path}?page={number}&pageSize={Listing.LargestPage}{query}");
            if (run.Json)
                return await run.PrintAsync(answer.Text);
            return run.Get(csv) ? await run.PrintAsync(Lines(answer)) : await PrintAsync(run, answer, [.. FieldsOf(grouping, interval)], run.Get(code));
        })
        {
            code, by, per, reason, from, to, csv,
        };
    }

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
            if (value is not null)
                query += $"&{name}={Uri.EscapeDataString(value)}";
        return query;
    }

    private static IEnumerable<Field> FieldsOf(string? grouping, string? interval)
    {
        if (interval is not null)
            yield return Field.Time(interval, "from");
        if (grouping == "event")
            yield return Event;
        if (grouping == "reason")
            yield return Field.Text("Reason", "reason");
        yield return Field.Number("Refusals", "count");
    }

    private static async Task<int> PrintAsync(Invocation run, Answer answer, Field[] fields, string? code)
    {
        var rows = answer.Items.ToList();
        if (rows.Count == 0)
            return await run.PrintAsync("None.");
        var total = new JsonObject { ["count"] = rows.Sum(r => r["count"]!.GetValue<long>()) };
        var first = fields[0].Read;
        fields[0] = fields[0] with { Read = (row, zone) => ReferenceEquals(row, total) ? "Total" : first(row, zone) };
        var zone = code is null ? run.Surroundings.Time.LocalTimeZone : await EventZone.OfAsync(run, code);
        await Table.WriteAsync(run.Terminal, fields, [.. rows, total], zone);
        return ExitCode.Ok;
    }

    private static string Lines(Answer answer) =>
        string.Join("\r\n", answer.Items.Select(i => Csv.Row(Columns.Select(c => i[c]?.ToString() ?? ""))).Prepend(Csv.Row(Columns)));
}
