using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

internal static class DeploymentList
{
    public static Verb Create()
    {
        var listing = new Listing([], canSearch: false)
            .Filter(Symbols.Text("--model", "NAME", "Only those of this model."), "model")
            .Filter(Symbols.Text("--backend", "NAME", "Only those on this backend."), "backend");
        return listing.AddTo(new("list", "Lists deployments.", "openai-proxy deployment list --model gpt-4o", run =>
            listing.PrintAsync(run, ApiPath.Of($"deployments"), [Field.Text("Model", "model"), Field.Text("Backend", "backend"), Field.Text("Name", "name")])));
    }
}
