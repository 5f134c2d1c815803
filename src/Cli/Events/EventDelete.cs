using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventDelete
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        return new("delete", "Deletes an event that nobody has come to.", "openai-proxy event delete hack --yes", async run =>
        {
            var path = ApiPath.Of($"events/{run.Need(code)}");
            var seen = await run.Api.GetAsync(path);
            await run.ConfirmAsync($"Delete event {run.Need(code)}? This cannot be undone.");
            await run.Api.DeleteAsync(path, seen);
            return await run.SayAsync(new JsonObject { ["deleted"] = run.Need(code) }, $"Event {run.Need(code)} is deleted.");
        })
        {
            code, Symbols.Yes(),
        };
    }
}
