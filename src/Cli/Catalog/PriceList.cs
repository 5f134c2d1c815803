using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

internal static class PriceList
{
    /// <summary>Of a model's answer.</summary>
    private static readonly IReadOnlyList<Field> Fields =
        [Field.Text("Model", "name"), .. PriceSet.Fields.Select(f => f with { Read = (model, zone) => f.Read(model["price"] as JsonObject ?? [], zone) })];

    public static Verb Create()
    {
        var listing = new Listing(["name"]);
        return listing.AddTo(new("list", "Lists what models cost: dollars for a million tokens, and for one image.", "openai-proxy price list", run =>
            listing.PrintAsync(run, ApiPath.Of($"models"), Fields)));
    }
}
