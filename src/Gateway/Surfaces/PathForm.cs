using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>One way in which clients write the URL of an operation: what stands before the operation's own path, and what that says.</summary>
/// <param name="Prefix">With the slash behind it; empty where the operation's path is all there is.</param>
internal sealed record PathForm(Surface Surface, string Prefix)
{
    /// <summary>The name of the path's parameter that names a model.</summary>
    public const string Deployment = "deployment";

    /// <summary>Whether the path names the model; a model in the body is then ignored, as Azure does.</summary>
    public bool NamesModel { get; init; }

    /// <summary>Whether the query has to name an api-version, as on all of Azure's paths without <c>v1</c>.</summary>
    public bool IsDated { get; init; }

    /// <summary>Whether it is the path that chat had with its early extensions, all of which chat itself has now.</summary>
    public bool IsExtended { get; init; }

    private static readonly PathForm[] WithDeployment =
    [
        new(Surface.Azure, $"openai/deployments/{{{Deployment}}}/") { NamesModel = true, IsDated = true },
        new(Surface.Azure, $"openai/deployments/{{{Deployment}}}/extensions/") { NamesModel = true, IsDated = true, IsExtended = true },
        // Azure's clients when they are given a base URL in place of an endpoint.
        new(Surface.Azure, $"deployments/{{{Deployment}}}/") { NamesModel = true, IsDated = true },
        new(Surface.Azure, "openai/v1/"),
        // openai 0.28 when it is given an engine.
        new(Surface.OpenAI, $"engines/{{{Deployment}}}/") { NamesModel = true },
    ];

    /// <summary>The forms behind a base path; what stands bare behind it belongs to <paramref name="bare"/>.</summary>
    public static IEnumerable<PathForm> Behind(Surface bare) => WithDeployment.Append(new PathForm(bare, ""));

    public bool Has(Operation operation) => !IsExtended || operation == Operation.ChatCompletions;
}
