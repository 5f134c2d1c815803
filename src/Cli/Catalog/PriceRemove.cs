using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class PriceRemove
{
    public static Verb Create()
    {
        var model = Symbols.Text("MODEL", "The model's name.");
        return new("remove", "Makes a model's price unknown.", "openai-proxy price remove gpt-4o --yes", async run =>
        {
            await run.ConfirmAsync($"Remove the price of {run.Need(model)}? Where a limit is on money, the model is refused then.");
            await run.Api.DeleteAsync(ApiPath.Of($"models/{run.Need(model)}/price"));
            return await run.SayAsync(new JsonObject { ["removed"] = run.Need(model) }, $"The price of {run.Need(model)} is unknown now.");
        })
        {
            model, Symbols.Yes(),
        };
    }
}
