using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventOrganiserAdd
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var name = Symbols.Text("NAME", "An organiser, as tokens name them.");
        return new("add", "Lets another organiser run an event too.", "openai-proxy event organiser add hack ada", async run =>
        {
            await run.Api.PutAsync(ApiPath.Of($"events/{run.Need(code)}/organisers/{run.Need(name)}"));
            return await run.SayAsync(new JsonObject { ["added"] = run.Need(name) }, $"{run.Need(name)} may run event {run.Need(code)}.");
        })
        {
            code, name,
        };
    }
}
