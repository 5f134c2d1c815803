using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Events;

internal static class EventExtend
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var by = Symbols.Text("--by", "DURATION", $"How much longer: {Moments.DurationForm}.");
        var end = Symbols.Text("--end", "TIME", "Until when, as clocks show it there: 2026-05-01T18:00.");
        return new("extend", "Moves the end of an event.", "openai-proxy event extend hack --by 2h", async run =>
        {
            if (run.Has(by) == run.Has(end))
                throw new CommandFailedException(ExitCode.WrongUsage, "Say either --by 2h or --end 2026-05-01T18:00.");
            var body = new Body();
            if (run.Get(by) is { } longer)
            {
                _ = Moments.Duration(longer, "--by");
                body.Put("by", longer);
            }
            if (run.Get(end) is { } until)
                body.Put("end", Moments.Wall(until, "--end"));
            var answer = await run.Api.PostAsync(ApiPath.Of($"events/{run.Need(code)}/extend"), body.Json);
            var ends = Field.Time("Ends", "endsAt").Read(answer.Object, TimeZoneInfo.Utc);
            return await run.SayAsync(answer, $"Event {run.Need(code)} ends {ends}.");
        })
        {
            code, by, end,
        };
    }
}
