namespace OpenAIProxy.Domain.Catalog;

/// <summary>An Azure OpenAI resource that requests are sent to.</summary>
public sealed record Backend
{
    /// <summary>The api-version a backend is called with unless it says otherwise: the newest generally available one of the dated API.</summary>
    public const string DefaultApiVersion = "2024-10-21";

    public required string Name { get; init; }

    /// <summary>Absolute, http or https; a base path in it is kept.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The api-version it is called with where the client named none.</summary>
    public string ApiVersion { get; init; } = DefaultApiVersion;

    public required BackendCredential Credential { get; init; }
}
