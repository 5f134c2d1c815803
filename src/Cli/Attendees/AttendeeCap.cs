using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Limits;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeCap
{
    private const string Everybodys = "default";

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = AttendeeSymbols.Attendee();
        var limit = LimitSymbols.Limit();
        var cap = LimitSymbols.Cap($"; {Everybodys} takes a raised cap back");
        return new("cap", "Raises a cap for one attendee.", "openai-proxy attendee cap hack ada 3 25", async run =>
        {
            var seen = await run.Api.GetAsync(ApiPath.Of($"events/{run.Need(code)}/limits/{run.Need(limit)}"));
            var found = await AttendeeSymbols.FindAsync(run, run.Need(code), run.Need(attendee));
            var path = $"{AttendeeSymbols.PathOf(run.Need(code), found)}/caps/{seen.Object["id"]}";
            if (run.Need(cap) == Everybodys)
            {
                await run.Api.DeleteAsync(path);
                return await run.SayAsync(new JsonObject { ["removed"] = run.Need(limit) }, $"{AttendeeSymbols.Words(found)} has the cap of everybody again.");
            }
            var unit = seen.Object["unit"]?.ToString();
            var raised = LimitSymbols.ParseCap(run.Need(cap), unit);
            var answer = await run.Api.PutAsync(path, new Body().Put("cap", raised).Json);
            return await run.SayAsync(answer, $"{AttendeeSymbols.Words(found)} may use {LimitSymbols.ShowCap(raised, unit)} under limit {LimitSymbols.Words(seen.Object)}.");
        })
        {
            code, attendee, limit, cap,
        };
    }
}
