using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class BackendShow
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The backend's name.");
        return new("show", "Shows a backend; never its key or secret.", "openai-proxy backend show azure", async run =>
            await run.ShowAsync(await run.Api.GetAsync(ApiPath.Of($"backends/{run.Need(name)}")), BackendFields.OfOne))
        {
            name,
        };
    }
}
