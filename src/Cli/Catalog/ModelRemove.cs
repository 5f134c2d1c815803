using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelRemove
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The model's name.");
        return new("remove", "Removes a model that nothing depends on.", "openai-proxy model remove gpt-4 --yes", async run =>
        {
            var path = ApiPath.Of($"models/{run.Need(name)}");
            var seen = await run.Api.GetAsync(path);
            await run.ConfirmAsync($"Remove model {run.Need(name)}? This cannot be undone.");
            await run.Api.DeleteAsync(path, seen);
            return await run.SayAsync(new JsonObject { ["removed"] = run.Need(name) }, $"Model {run.Need(name)} is removed.");
        })
        {
            name, Symbols.Yes(),
        };
    }
}
