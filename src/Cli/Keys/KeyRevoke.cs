using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyRevoke
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var id = Symbols.Text("ID", "The key's id (see key list).");
        return new("revoke", "Ends a key: the next request with it is refused.", "openai-proxy key revoke hack 17 --yes", async run =>
        {
            await run.ConfirmAsync($"Revoke key {run.Need(id)} of event {run.Need(code)}? This cannot be undone.");
            await run.Api.DeleteAsync(ApiPath.Of($"events/{run.Need(code)}/keys/{run.Need(id)}"));
            return await run.SayAsync(new JsonObject { ["revoked"] = run.Need(id) }, $"Key {run.Need(id)} is revoked.");
        })
        {
            code, id, Symbols.Yes(),
        };
    }
}
