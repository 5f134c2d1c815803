using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeShow
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = AttendeeSymbols.Attendee();
        return new("show", "Shows an attendee, and the caps that were raised for them.", "openai-proxy attendee show hack ada", async run =>
        {
            var found = await AttendeeSymbols.FindAsync(run, run.Need(code), run.Need(attendee));
            if (run.Json)
                return await run.PrintAsync(found.Text);
            await Card.WriteAsync(run.Terminal, AttendeeFields.OfOne, found.Object, await EventZone.OfAsync(run, run.Need(code)));
            return ExitCode.Ok;
        })
        {
            code, attendee,
        };
    }
}
