using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>Backends, for administrators only. Their secrets go in and never come out.</summary>
internal static class BackendEndpoints
{
    private const string Example = """{"name": "eu", "endpoint": "https://my-resource.openai.azure.com", "apiKey": "…"}""";

    public static void MapBackends(this RouteGroupBuilder api)
    {
        var backends = api.MapGroup("/backends").WithTags("Backends").RequireAuthorization(SignedIn.Administrator);
        backends.MapGet("", ListAsync).WithSummary("List backends");
        backends.MapPost("", AddAsync).WithSummary("Add a backend").WithExample(Example);
        backends.MapGet("/{name}", ShowAsync).WithSummary("Show a backend");
        backends.MapPatch("/{name}", ChangeAsync).WithSummary("Change a backend").WithDescription("Needs If-Match. Where scheme, host or port change, the key or the identity has to be given again. A key takes the place of an identity, and an identity that of a key.").NeedsIfMatch().WithExample("""{"apiVersion": "2025-01-01-preview"}""");
        backends.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a backend without deployments").WithDescription("Needs If-Match.").NeedsIfMatch();
        backends.MapPost("/{name}/test", TestAsync).WithSummary("Test a backend").WithDescription("Makes a real call of a few tokens, and says in words what is wrong.").WithExample("""{"deployment": "gpt-4o"}""");
    }

    private static async Task<Ok<Listed<BackendAnswer>>> ListAsync([AsParameters] ListParameters list, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok((await reads.ReadAsync(tables => tables.Backends.PageAsync(list.Of(new PageQuery())), cancellation)).Show(v => new BackendAnswer(v)));

    private static async Task<Ok<BackendAnswer>> ShowAsync(string name, Reads reads, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => AnswerAsync(tables, name, context), cancellation));

    private static async Task<Created<BackendAnswer>> AddAsync(BackendBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var answer = await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await change.Backends.AddAsync(body.ToDefinition());
                return await AnswerAsync(change, body.Name, context);
            },
            cancellation);
        return TypedResults.Created($"/api/backends/{Uri.EscapeDataString(answer.Name)}", answer);
    }

    private static async Task<Ok<BackendAnswer>> ChangeAsync(
        string name, JsonElement patch, SignedIn who, Changes changes, HttpContext context, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var expected = ETag.Expected(context);
        return TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                var view = await change.Backends.ShowAsync(name) ?? throw Missing.Thing("backend", name);
                var saysEntra = patch.ValueKind == JsonValueKind.Object && patch.TryGetProperty("entra", out _);
                // A key alone takes the place of an identity; and an identity is not said again by leaving it out.
                var known = BackendBody.Of(view.Definition) with { Entra = saysEntra ? view.Definition.Entra : null };
                var body = MergePatch.Apply(known, patch, json.Value.SerializerOptions);
                if (!string.Equals(body.Name, view.Definition.Name, StringComparison.Ordinal))
                    throw new ChangeRefusedException("Name", "a backend keeps its name: add another one.");
                await change.Backends.PutAsync(body.ToDefinition() with { KeepsIdentity = !saysEntra }, expected);
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
                if (!await change.Backends.DeleteAsync(name, expected))
                    throw Missing.Thing("backend", name);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ProbeAnswer>> TestAsync(string name, TestBody body, Reads reads, LiveSnapshot live, IBackendProbe probe, CancellationToken cancellation)
    {
        var backend = live.Current.Backends.FirstOrDefault(b => string.Equals(b.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Missing.Thing("backend", name);
        var deployed = (await reads.ReadAsync(tables => tables.Deployments.ListAsync(), cancellation))
            .Where(d => string.Equals(d.Backend, backend.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        var deployment = deployed.FirstOrDefault(d => body.Deployment is null || string.Equals(d.Name, body.Deployment, StringComparison.OrdinalIgnoreCase));
        if ((body.Deployment ?? deployment?.Name) is not { } deploymentName)
            throw new ChangeRefusedException("Deployment", $"the backend '{name}' has no deployment yet: name the one to test.");
        var model = deployment is null ? null : await reads.ReadAsync(tables => tables.Models.GetAsync(deployment.Model), cancellation);
        var operation = body.Operation ?? (model is { Operations: [var first, ..] } ? first : Operation.ChatCompletions);
        return TypedResults.Ok(ProbeAnswer.Of(await probe.TestAsync(backend, deploymentName, operation, model, cancellation)));
    }

    private static async Task<BackendAnswer> AnswerAsync(Tables tables, string name, HttpContext context)
    {
        var view = await tables.Backends.ShowAsync(name) ?? throw Missing.Thing("backend", name);
        ETag.Set(context, view.Version);
        return new BackendAnswer(view);
    }
}
