using System.Text;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Secrets;

namespace OpenAIProxy.Storage.Sql.Catalog;

internal sealed class BackendRow
{
    public const string Select = """
        SELECT name AS Name, endpoint AS Endpoint, api_version AS ApiVersion, api_key_encrypted AS ApiKeyEncrypted,
               entra_kind AS EntraKind, entra_tenant AS EntraTenant, entra_client AS EntraClient, entra_scope AS EntraScope,
               entra_authority AS EntraAuthority, client_secret_encrypted AS ClientSecretEncrypted, version AS Version,
               (SELECT COUNT(*) FROM deployment WHERE backend = backend.name) AS DeploymentCount
        """;

    public string Name { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    public byte[]? ApiKeyEncrypted { get; init; }

    public long? EntraKind { get; init; }

    public string? EntraTenant { get; init; }

    public string? EntraClient { get; init; }

    public string? EntraScope { get; init; }

    public string? EntraAuthority { get; init; }

    public byte[]? ClientSecretEncrypted { get; init; }

    public long Version { get; init; }

    public long DeploymentCount { get; init; }

    public BackendView View(SecretProtection secrets) =>
        new(Definition(), ApiKey(secrets) is not null, ClientSecret(secrets) is not null, DeploymentCount, Version);

    public BackendDefinition Definition() => new() { Name = Name, Endpoint = Endpoint, ApiVersion = ApiVersion, Entra = Entra() };

    /// <exception cref="UriFormatException">The endpoint is no URL.</exception>
    public Backend Backend(SecretProtection secrets) => new()
    {
        Name = Name,
        Endpoint = new Uri(Endpoint),
        ApiVersion = ApiVersion,
        Credential = Credential(secrets),
    };

    /// <returns>What of it the key ring does not open, such as <c>API key</c>; null where all is well.</returns>
    public string? LostSecret(SecretProtection secrets)
    {
        if (ApiKeyEncrypted is not null && ApiKey(secrets) is null)
            return "API key";
        return ClientSecretEncrypted is not null && ClientSecret(secrets) is null ? "client secret" : null;
    }

    /// <returns>In clear; null where there is none that can be read.</returns>
    public string? ApiKey(SecretProtection secrets) =>
        ApiKeyEncrypted is { } encrypted && secrets.TryUnprotectApiKey(Name, encrypted, out var key) ? Encoding.UTF8.GetString(key) : null;

    /// <returns>In clear; null where there is none that can be read.</returns>
    public string? ClientSecret(SecretProtection secrets) =>
        ClientSecretEncrypted is { } encrypted && secrets.TryUnprotectClientSecret(Name, encrypted, out var secret) ? Encoding.UTF8.GetString(secret) : null;

    private BackendCredential Credential(SecretProtection secrets)
    {
        if (LostSecret(secrets) is { } lost)
            return new BackendCredential.Unreadable(
                $"The {lost} of backend '{Name}' was encrypted with a key ring that is not here: bring that key ring back, or set the {lost} again.");
        if (Entra() is not { } entra)
            return new BackendCredential.ApiKey(ApiKey(secrets)!);
        // A hand at the database, or a kind of a later version.
        if (EntraCheck.Errors(entra) is [var error, ..])
            return new BackendCredential.Unreadable($"The identity of backend '{Name}' cannot be used: {error.Field}: {error.Reason} Set it again.");
        return new BackendCredential.Entra(EntraCheck.Identity(entra), ClientSecret(secrets));
    }

    private EntraDefinition? Entra() => EntraKind is not { } kind ? null : new EntraDefinition
    {
        // What is no kind at all must not stop the others from being loaded.
        Kind = (EntraIdentityKind)unchecked((int)kind),
        TenantId = EntraTenant,
        ClientId = EntraClient,
        Scope = EntraScope,
        Authority = EntraAuthority,
    };
}
