using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>A backend as it is written down. It has an API key or an identity, and not both.</summary>
public sealed record BackendDefinition
{
    /// <summary>1 to 128 characters; case does not matter.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute, http or https.</summary>
    public required string Endpoint { get; init; }

    public string ApiVersion { get; init; } = Backend.DefaultApiVersion;

    /// <summary>In clear; stored encrypted and never read back. Null keeps the one there is, as long as the endpoint's host stays the same.</summary>
    public string? ApiKey { get; init; }

    /// <summary>As whom the proxy gets tokens for it; null is that it goes by the API key.</summary>
    public EntraDefinition? Entra { get; init; }

    /// <summary>Whether nothing is said of the identity: where no API key is given either, the backend goes on as it did, as long as the endpoint's host stays the same.</summary>
    public bool KeepsIdentity { get; init; }

    // Records print their members; a key must not end up in a log that way.
    public override string ToString() => $"BackendDefinition({Name}, {Endpoint})";
}
