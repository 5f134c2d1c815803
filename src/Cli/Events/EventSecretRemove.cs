using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventSecretRemove
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        return new("remove", "Takes the shared secret of an event away.", "openai-proxy event secret remove hack --yes", async run =>
        {
            await run.ConfirmAsync($"Remove the shared secret of event {run.Need(code)}? It cannot be brought back.");
            await run.Api.DeleteAsync(ApiPath.Of($"events/{run.Need(code)}/shared-secret"));
            return await run.SayAsync(new JsonObject { ["removed"] = "sharedSecret" }, $"Event {run.Need(code)} has no shared secret any more.");
        })
        {
            code, Symbols.Yes(),
        };
    }
}
