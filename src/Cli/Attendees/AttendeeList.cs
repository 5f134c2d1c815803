using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeList
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var listing = new Listing(["name", "enteredAt"]).Filter(Symbols.OneOf("--blocked", "Only those who are blocked, or are not.", "true", "false"), "blocked");
        return listing.AddTo(new("list", "Lists the attendees of an event.", "openai-proxy attendee list hack --search ada", async run =>
            await listing.PrintAsync(
                run, ApiPath.Of($"events/{run.Need(code)}/attendees"), AttendeeFields.All, run.Json ? null : await EventZone.OfAsync(run, run.Need(code))))
        {
            code,
        });
    }
}
