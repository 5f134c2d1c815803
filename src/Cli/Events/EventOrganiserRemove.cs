using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventOrganiserRemove
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var name = Symbols.Text("NAME", "An organiser, as tokens name them.");
        return new("remove", "Takes a co-organiser's part in an event away.", "openai-proxy event organiser remove hack ada", async run =>
        {
            await run.Api.DeleteAsync(ApiPath.Of($"events/{run.Need(code)}/organisers/{run.Need(name)}"));
            return await run.SayAsync(new JsonObject { ["removed"] = run.Need(name) }, $"{run.Need(name)} no longer runs event {run.Need(code)}.");
        })
        {
            code, name,
        };
    }
}
