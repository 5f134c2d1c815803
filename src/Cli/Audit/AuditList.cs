using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Audit;

internal static class AuditList
{
    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.Time("At", "at"), Field.Text("Actor", "actor"), Field.Text("Action", "action"), Field.Text("Kind", "kind"), Field.Text("Name", "name"),
        Field.Text("Event", "event"), Field.Text("Before", "before"), Field.Text("After", "after"),
    ];

    public static Verb Create()
    {
        var listing = new Listing([], canSearch: false)
            .Filter(Symbols.Text("--actor", "NAME", "Only what this one did."), "actor")
            .Filter(Symbols.Text("--kind", "KIND", "Only changes of this kind of thing, such as event."), "kind")
            .Filter(Symbols.Text("--name", "NAME", "Only changes of the thing of this name."), "name")
            .Filter(Symbols.Text("--event", "CODE", "Only what was done in this event: its keys and attendees too."), "event")
            .FilterPast(Symbols.Past("--since", "Only from then on:"), "since")
            .FilterPast(Symbols.Past("--until", "Only until then:"), "until");
        return listing.AddTo(new("audit", "Shows who changed what, newest first.", "openai-proxy audit --event hack", run =>
            listing.PrintAsync(run, ApiPath.Of($"audit"), Fields)));
    }
}
