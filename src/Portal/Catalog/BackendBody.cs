using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>A backend as administrators write it.</summary>
internal record BackendBody
{
    public required string Name { get; init; }

    /// <summary>The resource's URL; a base path in it is kept.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The api-version it is called with.</summary>
    public string ApiVersion { get; init; } = Backend.DefaultApiVersion;

    /// <summary>Never shown again; absent or null keeps the one there is. A backend has either a key or an identity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApiKey { get; init; }

    /// <summary>
    /// The identity of Microsoft Entra ID by which the proxy gets tokens for it; null where it has a key. The kind clientSecret needs tenantId, clientId and
    /// clientSecret. A clientSecret is never shown again; absent or null keeps the one there is, as long as tenant, client, authority and the endpoint's host stay the
    /// same. Scope and authority are those of the endpoint's cloud where they are null.
    /// </summary>
    public EntraDefinition? Entra { get; init; }

    public BackendDefinition ToDefinition() => new() { Name = Name, Endpoint = Endpoint, ApiVersion = ApiVersion, ApiKey = ApiKey, Entra = Entra };

    public static BackendBody Of(BackendDefinition definition) =>
        new() { Name = definition.Name, Endpoint = definition.Endpoint, ApiVersion = definition.ApiVersion, Entra = definition.Entra };

    // Records print their members; a key must not end up in a log that way.
    public override string ToString() => $"BackendBody({Name})";
}

/// <summary>A backend as the API shows it.</summary>
[method: SetsRequiredMembers]
internal sealed record BackendAnswer(BackendView View) : BackendBody(Of(View.Definition))
{
    private BackendView View { get; } = View;

    /// <summary>Whether there is a key that can be read.</summary>
    public bool HasApiKey => View.HasApiKey;

    /// <summary>Whether there is a client secret that can be read.</summary>
    public bool HasClientSecret => View.HasClientSecret;

    public long DeploymentCount => View.DeploymentCount;

    /// <summary>To be sent as If-Match with a change.</summary>
    public string Etag => ETag.Of(View.Version);

    public override string ToString() => $"BackendAnswer({Name})";
}

/// <param name="Deployment">Which deployment to call; absent is the backend's first.</param>
/// <param name="Operation">Absent is one that the deployment's model has.</param>
internal sealed record TestBody(string? Deployment = null, Operation? Operation = null);

/// <param name="Step">How far the call came: name, network, tls, key, deployment, apiVersion, quota, answer, or ok.</param>
internal sealed record ProbeAnswer(bool Ok, ProbeStep Step, string Message, long Milliseconds)
{
    public static ProbeAnswer Of(ProbeResult result) => new(result.Step == ProbeStep.Ok, result.Step, result.Message, (long)result.Elapsed.TotalMilliseconds);
}
