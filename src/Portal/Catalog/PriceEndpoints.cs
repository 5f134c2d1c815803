using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>What a model costs. Requests are charged at the price of the moment in which they were admitted.</summary>
internal static class PriceEndpoints
{
    private const string Example = """{"input": 2500000, "cachedInput": 1250000, "output": 10000000, "asOf": "2026-05-01", "source": "our contract"}""";

    public static void MapPrices(this RouteGroupBuilder models)
    {
        models.MapGet("/{name}/price", ShowAsync).WithSummary("Show what a model costs");
        models.MapPut("/{name}/price", PutAsync).WithSummary("Set what a model costs").WithDescription("In micro-dollars for a million tokens, and for one image.").WithExample(Example).RequireAuthorization(SignedIn.Administrator);
        models.MapDelete("/{name}/price", DeleteAsync).WithSummary("Make a model's price unknown").WithDescription("Where a limit is on money, the model is refused then.").RequireAuthorization(SignedIn.Administrator);
    }

    private static async Task<Ok<Price>> ShowAsync(string name, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => FindAsync(tables, name), cancellation));

    private static async Task<Ok<Price>> PutAsync(string name, PriceBody body, SignedIn who, Changes changes, CancellationToken cancellation) =>
        TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await change.Prices.PutAsync(name, body.ToPrice());
                return await FindAsync(change, name);
            },
            cancellation));

    private static async Task<NoContent> DeleteAsync(string name, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                if (!await change.Prices.DeleteAsync(name))
                    throw Missing.Thing("price of a model", name);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Price> FindAsync(Tables tables, string name) =>
        (await tables.Models.GetAsync(name) ?? throw Missing.Thing("model", name)).Price ?? throw Missing.Thing("price of a model", name);
}

/// <summary>A price as administrators write it: micro-dollars for a million tokens. A dollar is 1,000,000.</summary>
internal sealed record PriceBody
{
    public required long Input { get; init; }

    /// <summary>Absent or null is the same as input.</summary>
    public long? CachedInput { get; init; }

    public required long Output { get; init; }

    /// <summary>Micro-dollars for one image.</summary>
    public long Image { get; init; }

    /// <summary>When the source said so.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Where the numbers are from, for people.</summary>
    public required string Source { get; init; }

    public Price ToPrice() => new(Input, CachedInput ?? Input, Output, Image, AsOf, Source);
}
