using System.CommandLine;
using OpenAIProxy.Cli.Attendees;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Usage;

/// <summary>What each request used: a page of it for people, or all of it as comma separated values.</summary>
internal static class EntryList
{
    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.Time("At", "at"),
        new("Attendee", (row, _) => Printable.From((row["attendeeName"] ?? row["attendee"])?.ToString() ?? "")),
        Field.Text("Model", "model"), Field.Text("Operation", "operation"),
        Field.Number("Input", "input"), Field.Number("Output", "output"), Field.Money("Cost", "cost"),
        Field.Number("Reserved input", "reservedInput"), Field.Number("Stated", "statedInput"), Field.Number("Reserved output", "reservedOutput"),
        Field.Text("Exactness", "exactness"), Field.Text("Outcome", "outcome"), Field.Text("Request", "request"),
    ];

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        code.Arity = ArgumentArity.ZeroOrOne;
        code.Description = "The event's code, such as hack. Default: all events you see.";
        var attendee = Symbols.Text("--attendee", "ATTENDEE", "Only this attendee's: their user id, or their number as id:42. By number where no event is named, or they were removed.");
        var csv = Symbols.Text("--csv", "FILE", "Write all that match there instead, as comma separated values with the cost in micro-dollars, oldest first; - is standard output.");
        var listing = new Listing(["at", "cost", "input", "output"])
            .Filter(Symbols.Text("--model", "NAME", "Only this model's, by its name in the catalogue."), "model")
            .Filter(Symbols.OneOf("--operation", "Only this operation's.", "chatCompletions", "completions", "embeddings"), "operation")
            .Filter(Symbols.OneOf("--exactness", "Only those whose usage is known so well.", "exact", "estimated", "unsettled"), "exactness")
            .Filter(Symbols.OneOf("--outcome", "Only those that ended so.", "complete", "notTaken", "clientGone", "cutOff", "backendBroke", "refused", "lost"), "outcome")
            .FilterPast(Symbols.Past("--from", "Only from then on:"), "from")
            .FilterPast(Symbols.Past("--to", "Only until then:"), "to");
        return listing.AddTo(new(
            "entries",
            "Shows what each request used, newest first.",
            """
            openai-proxy entries hack --attendee ada --exactness estimated
            openai-proxy entries hack --csv hack.csv
            """,
            async run =>
            {
                var theirs = ("attendee", run.Get(attendee) is { } named ? await IdAsync(run, run.Get(code), named) : null);
                if (run.Get(csv) is { } file)
                    return await EntryFile.WriteAsync(run, PathOf(run.Get(code), ".csv") + listing.Query(run, theirs), file);
                var zone = run.Json || run.Get(code) is not { } @event ? null : await EventZone.OfAsync(run, @event);
                return await listing.PrintAsync(run, PathOf(run.Get(code), ""), run.Get(code) is null ? [Fields[0], Field.Text("Event", "event"), .. Fields.Skip(1)] : Fields, zone, theirs);
            })
        {
            code, attendee, csv,
        });
    }

    private static string PathOf(string? code, string form) => (code is null ? ApiPath.Of($"entries") : ApiPath.Of($"events/{code}/entries")) + form;

    private static async Task<string> IdAsync(Invocation run, string? code, string attendee)
    {
        if (code is not null)
            return await AttendeeSymbols.IdOfAsync(run, code, attendee);
        return AttendeeSymbols.IdIn(attendee)
            ?? throw new CommandFailedException(ExitCode.WrongUsage, "Name the event, so that the attendee can be found by user id; or give their number, as id:42.");
    }
}
