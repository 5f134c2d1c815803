using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeRemove
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = AttendeeSymbols.Attendee();
        return new("remove", "Removes an attendee: their keys die and the name is forgotten.", "openai-proxy attendee remove hack ada --yes", async run =>
        {
            var found = await AttendeeSymbols.FindAsync(run, run.Need(code), run.Need(attendee));
            await run.ConfirmAsync($"Remove {AttendeeSymbols.Words(found)} from event {run.Need(code)} with {found.Object["keyCount"] ?? 0} keys? This cannot be undone.");
            await run.Api.DeleteAsync(AttendeeSymbols.PathOf(run.Need(code), found), found);
            return await run.SayAsync(
                new JsonObject { ["removed"] = found.Object["name"]?.DeepClone(), ["id"] = found.Object["id"]?.DeepClone() }, $"{AttendeeSymbols.Words(found)} is removed.");
        })
        {
            code, attendee, Symbols.Yes(),
        };
    }
}
