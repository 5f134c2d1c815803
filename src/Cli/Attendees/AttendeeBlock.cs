using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeBlock
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = AttendeeSymbols.Attendee();
        return new("block", "Refuses an attendee from the next request on.", "openai-proxy attendee block hack ada", async run =>
        {
            var found = await AttendeeSymbols.FindAsync(run, run.Need(code), run.Need(attendee));
            var answer = await run.Api.PostAsync($"{AttendeeSymbols.PathOf(run.Need(code), found)}/block");
            return await run.SayAsync(answer, $"{AttendeeSymbols.Words(found)} is blocked.");
        })
        {
            code, attendee,
        };
    }
}
