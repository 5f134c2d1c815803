using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventList
{
    public static Verb Create()
    {
        var listing = new Listing(["start", "end", "code", "name"])
            .Filter(Symbols.OneOf("--state", "Only events in this state.", "draft", "open", "paused", "closed", "archived"), "state")
            .Filter(Symbols.Text("--owner", "NAME", "Only events of this organiser."), "owner");
        return listing.AddTo(new("list", "Lists events.", "openai-proxy event list --state open --sort -start", run =>
            listing.PrintAsync(run, ApiPath.Of($"events"), EventFields.InList)));
    }
}
