using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class BackendList
{
    public static Verb Create()
    {
        var listing = new Listing(["name"]);
        return listing.AddTo(new("list", "Lists backends.", "openai-proxy backend list", run =>
            listing.PrintAsync(run, ApiPath.Of($"backends"), BackendFields.InList)));
    }
}
