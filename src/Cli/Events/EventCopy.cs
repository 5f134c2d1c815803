using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventCopy
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var newCode = Symbols.Text("NEW-CODE", "The code of the copy.");
        var name = Symbols.Text("--name", "TEXT", "What people call the copy.");
        var start = Symbols.Text("--start", "TIME", "From when, such as 2026-06-01T09:00.");
        var end = Symbols.Text("--end", "TIME", "Until when, likewise.");
        return new("copy", "Makes a draft like an event, without its attendees and keys.", "openai-proxy event copy hack hack-2 --start 2026-06-01T09:00 --end 2026-06-02T18:00", async run =>
        {
            var body = new Body().Put("code", run.Need(newCode)).Put("name", run.Get(name));
            if (run.Get(start) is { } from)
                body.Put("start", Moments.Wall(from, "--start"));
            if (run.Get(end) is { } until)
                body.Put("end", Moments.Wall(until, "--end"));
            var answer = await run.Api.PostAsync(ApiPath.Of($"events/{run.Need(code)}/copy"), body.Json);
            return await run.ShowAsync(answer, EventFields.OfOne, $"Event {run.Need(newCode)} is made, a draft.");
        })
        {
            code, newCode, name, start, end,
        };
    }
}
