using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Configuration;

namespace OpenAIProxy.Portal.Configuration;

/// <summary>The whole configuration as one document: read it, or make it so. For administrators only.</summary>
internal static class ConfigurationEndpoints
{
    private const string Example = """
        {"dryRun": true, "document": {"models": [{"name": "gpt-4o", "family": "chat", "operations": ["chatCompletions"], "contextWindow": 128000, "maxOutput": 16384}]}}
        """;

    public static void MapConfiguration(this RouteGroupBuilder api)
    {
        var configuration = api.MapGroup("/configuration").WithTags("Configuration").RequireAuthorization(SignedIn.Administrator);
        configuration.MapGet("", ExportAsync).WithSummary("Export the configuration").WithDescription("Without secrets; requiredSecrets lists those that must be put in before it can be applied elsewhere.");
        configuration.MapPost("", ApplyAsync).WithSummary("Apply a configuration")
            .WithDescription("All of it or nothing, and says what changes. With dryRun nothing is written; with prune what the document does not have is deleted.").WithExample(Example);
    }

    private static async Task<Ok<ConfigurationDocument>> ExportAsync(Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(ConfigurationExport.ReadAsync, cancellation));

    private static async Task<Ok<ApplyAnswer>> ApplyAsync(ApplyBody body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        Task<IReadOnlyList<ConfigurationDifference>> Apply(Change change) => ConfigurationApply.ApplyAsync(change, body.Document, body.Prune);
        var differences = body.DryRun
            ? await changes.RehearseAsync(who.Actor, Apply, cancellation)
            : await changes.MakeAsync(who.Actor, Apply, cancellation);
        return TypedResults.Ok(new ApplyAnswer(differences, !body.DryRun));
    }
}

/// <param name="DryRun">Only say what would change.</param>
/// <param name="Prune">Delete what the document does not have.</param>
internal sealed record ApplyBody(ConfigurationDocument Document, bool DryRun = false, bool Prune = false);

/// <param name="Applied">Whether it was written.</param>
internal sealed record ApplyAnswer(IReadOnlyList<ConfigurationDifference> Changes, bool Applied);
