using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>The models that the server knows, for commands that must know all of them, on however many pages they stand.</summary>
internal static class ModelCatalogue
{
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(Invocation run) =>
        [.. (await Listing.AllAsync(run, number => $"{ApiPath.Of($"models")}?page={number}&pageSize={Listing.LargestPage}")).Items];
}
