using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>The catalogue of models. Everybody with a token may read it; administrators change it.</summary>
internal static class ModelEndpoints
{
    private const string Example = """{"name": "gpt-4o", "aliases": [], "family": "chat", "operations": ["chatCompletions"], "contextWindow": 128000, "maxOutput": 16384}""";

    public static void MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("", ListAsync).WithSummary("List models");
        models.MapGet("/{name}", ShowAsync).WithSummary("Show a model");
        models.MapPost("", AddAsync).WithSummary("Add a model").WithDescription("A well-known one gets a price to start from, whose source says that it is unverified.").WithExample(Example).RequireAuthorization(SignedIn.Administrator);
        models.MapPatch("/{name}", ChangeAsync).WithSummary("Change a model").WithDescription("Needs If-Match.").NeedsIfMatch().WithExample("""{"aliases": ["gpt-4o-latest"]}""").RequireAuthorization(SignedIn.Administrator);
        models.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a model that no event and no deployment uses").WithDescription("Needs If-Match.").NeedsIfMatch().RequireAuthorization(SignedIn.Administrator);
        models.MapPrices();
    }

    private static async Task<Ok<Listed<ModelAnswer>>> ListAsync([AsParameters] ListParameters list, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok((await reads.ReadAsync(tables => tables.Models.PageAsync(list.Of(new PageQuery())), cancellation)).Show(v => new ModelAnswer(v)));

    private static async Task<Ok<ModelAnswer>> ShowAsync(string name, Reads reads, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => AnswerAsync(tables, name, context), cancellation));

    private static async Task<Created<ModelAnswer>> AddAsync(ModelBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var answer = await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await change.Models.AddAsync(body.ToModel());
                await change.Prices.PutKnownAsync(body.Name);
                return await AnswerAsync(change, body.Name, context);
            },
            cancellation);
        return TypedResults.Created($"/api/models/{Uri.EscapeDataString(answer.Name)}", answer);
    }

    private static async Task<Ok<ModelAnswer>> ChangeAsync(
        string name, JsonElement patch, SignedIn who, Changes changes, HttpContext context, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var expected = ETag.Expected(context);
        return TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                var view = await change.Models.ShowAsync(name) ?? throw Missing.Thing("model", name);
                var body = MergePatch.Apply(ModelBody.Of(view.Model), patch, json.Value.SerializerOptions);
                if (!string.Equals(body.Name, view.Model.Name, StringComparison.Ordinal))
                    throw new ChangeRefusedException("Name", "a model keeps its name: give it an alias, or add another one.");
                await change.Models.PutAsync(body.ToModel(), expected);
                return await AnswerAsync(change, name, context);
            },
            cancellation));
    }

    private static async Task<NoContent> DeleteAsync(string name, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var expected = ETag.Expected(context);
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                if (!await change.Models.DeleteAsync(name, expected))
                    throw Missing.Thing("model", name);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<ModelAnswer> AnswerAsync(Tables tables, string name, HttpContext context)
    {
        var view = await tables.Models.ShowAsync(name) ?? throw Missing.Thing("model", name);
        ETag.Set(context, view.Version);
        return new ModelAnswer(view);
    }
}
