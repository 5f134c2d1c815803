using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class BackendRemove
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The backend's name.");
        return new("remove", "Removes a backend that nothing depends on.", "openai-proxy backend remove azure --yes", async run =>
        {
            var path = ApiPath.Of($"backends/{run.Need(name)}");
            var seen = await run.Api.GetAsync(path);
            await run.ConfirmAsync($"Remove backend {run.Need(name)}? This cannot be undone.");
            await run.Api.DeleteAsync(path, seen);
            return await run.SayAsync(new JsonObject { ["removed"] = run.Need(name) }, $"Backend {run.Need(name)} is removed.");
        })
        {
            name, Symbols.Yes(),
        };
    }
}
