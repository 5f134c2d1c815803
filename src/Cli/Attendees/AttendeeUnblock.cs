using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeUnblock
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = AttendeeSymbols.Attendee();
        return new("unblock", "Lets an attendee in again.", "openai-proxy attendee unblock hack ada", async run =>
        {
            var found = await AttendeeSymbols.FindAsync(run, run.Need(code), run.Need(attendee));
            var answer = await run.Api.PostAsync($"{AttendeeSymbols.PathOf(run.Need(code), found)}/unblock");
            return await run.SayAsync(answer, $"{AttendeeSymbols.Words(found)} is let in again.");
        })
        {
            code, attendee,
        };
    }
}
