using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelList
{
    public static Verb Create()
    {
        var listing = new Listing(["name"]);
        return listing.AddTo(new("list", "Lists the catalogue.", "openai-proxy model list", run =>
            listing.PrintAsync(run, ApiPath.Of($"models"), ModelOptions.Fields)));
    }
}
