using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>Which model is deployed on which backend, under which name. For administrators only.</summary>
internal static class DeploymentEndpoints
{
    public static void MapDeployments(this RouteGroupBuilder api)
    {
        var deployments = api.MapGroup("/deployments").WithTags("Deployments").RequireAuthorization(SignedIn.Administrator);
        deployments.MapGet("", ListAsync).WithSummary("List deployments");
        deployments.MapPost("", AddAsync).WithSummary("Add a deployment").WithExample("""{"model": "gpt-4o", "backend": "eu", "name": "gpt-4o"}""");
        deployments.MapDelete("/{model}/{backend}/{name}", DeleteAsync).WithSummary("Remove a deployment");
    }

    private static async Task<Ok<Listed<DeploymentDefinition>>> ListAsync([AsParameters] ListParameters list, string? model, string? backend, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new DeploymentQuery { Model = model, Backend = backend });
        return TypedResults.Ok((await reads.ReadAsync(tables => tables.Deployments.PageAsync(query), cancellation)).Show(d => d));
    }

    private static async Task<Created<DeploymentDefinition>> AddAsync(DeploymentDefinition body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        var added = await changes.MakeAsync(who.Actor, change => change.Deployments.AddAsync(body), cancellation);
        return TypedResults.Created((string?)null, added);
    }

    private static async Task<NoContent> DeleteAsync(string model, string backend, string name, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                if (!await change.Deployments.DeleteAsync(new DeploymentDefinition(model, backend, name)))
                    throw Missing.Thing("deployment", name);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
