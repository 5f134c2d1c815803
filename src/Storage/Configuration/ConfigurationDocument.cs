using System.Text.Json.Serialization;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>
/// All that is configured, in one document. What a thing leaves out has its default; only secrets, identities of backends, prices, limits, states, owners
/// and co-organisers that are left out stay as they are.
/// </summary>
public sealed record ConfigurationDocument
{
    public IReadOnlyList<ConfiguredBackend> Backends { get; init; } = [];

    public IReadOnlyList<ConfiguredModel> Models { get; init; } = [];

    public IReadOnlyList<ConfiguredDeployment> Deployments { get; init; } = [];

    public IReadOnlyList<ConfiguredEvent> Events { get; init; } = [];

    /// <summary>
    /// The secrets that there are and that the document does not have, such as <c>backends/eu/apiKey</c>,
    /// <c>backends/us/entra/clientSecret</c> and <c>events/hack/sharedSecret</c>: they must be put in before it can be applied elsewhere. Not looked at by applying.
    /// </summary>
    public IReadOnlyList<string> RequiredSecrets { get; init; } = [];
}

/// <param name="ApiKey">Null keeps the one there is.</param>
public sealed record ConfiguredBackend(string Name, string Endpoint, string ApiVersion = Backend.DefaultApiVersion, string? ApiKey = null)
{
    /// <summary>As whom the proxy gets tokens for it; null is that it goes by the API key, and where it is not said at all it stays as it is.</summary>
    public EntraDefinition? Entra
    {
        get;
        init
        {
            field = value;
            SaysEntra = true;
        }
    }

    [JsonIgnore]
    public bool SaysEntra { get; private init; }

    // Records print their members; a key must not end up in a log that way.
    public override string ToString() => $"ConfiguredBackend({Name}, {Endpoint})";
}

public sealed record ConfiguredModel
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required ModelFamily Family { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }

    public required long ContextWindow { get; init; }

    public long MaxOutput { get; init; }

    /// <summary>Null is unknown. Where it is not said at all it stays as it is, and a new model that is well known gets the known one.</summary>
    public Price? Price
    {
        get;
        init
        {
            field = value;
            SaysPrice = true;
        }
    }

    [JsonIgnore]
    public bool SaysPrice { get; private init; }
}

public sealed record ConfiguredDeployment(string Model, string Backend, string Name);
