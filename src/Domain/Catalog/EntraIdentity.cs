namespace OpenAIProxy.Domain.Catalog;

/// <summary>As whom the proxy asks Microsoft Entra ID for tokens; the secret, where it takes one, stands beside it.</summary>
public sealed record EntraIdentity
{
    public required EntraIdentityKind Kind { get; init; }

    /// <summary>The directory, by id or domain; needed for a client secret, elsewhere what the surroundings say.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application or the user-assigned identity; needed for a client secret, elsewhere what the surroundings say.</summary>
    public string? ClientId { get; init; }

    /// <summary>What the token is for, such as <c>https://cognitiveservices.azure.com/.default</c>; null is the default of the backend's cloud.</summary>
    public string? Scope { get; init; }

    /// <summary>Where tokens come from, an absolute https URL; null is the one of the backend's cloud.</summary>
    public Uri? Authority { get; init; }
}
