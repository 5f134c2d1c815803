using System.Text.Json.Serialization;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>An identity of Microsoft Entra ID as it is written down: plain values, which putting its backend checks.</summary>
public sealed record EntraDefinition
{
    /// <summary>By which way the proxy gets its tokens.</summary>
    public required EntraIdentityKind Kind { get; init; }

    /// <summary>The directory, by id or domain; needed for a client secret.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application or the user-assigned identity; needed for a client secret.</summary>
    public string? ClientId { get; init; }

    /// <summary>What the tokens are for; null is the default of the endpoint's cloud, such as https://cognitiveservices.azure.com/.default.</summary>
    public string? Scope { get; init; }

    /// <summary>Where tokens come from, an absolute https URL; null is that of the endpoint's cloud, such as https://login.microsoftonline.com/.</summary>
    public string? Authority { get; init; }

    /// <summary>For the kind clientSecret. Never shown again; absent or null keeps the one there is, as long as tenant, client, authority and the endpoint's host stay the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }

    // Records print their members; a secret must not end up in a log that way.
    public override string ToString() => $"EntraDefinition({Kind})";
}
