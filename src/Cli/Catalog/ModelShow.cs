using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelShow
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The model's name.");
        return new("show", "Shows a model.", "openai-proxy model show gpt-4o", async run =>
            await run.ShowAsync(await run.Api.GetAsync(ApiPath.Of($"models/{run.Need(name)}")), ModelOptions.Fields))
        {
            name,
        };
    }
}
