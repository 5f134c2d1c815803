using System.Text;
using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Secrets;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>The Azure OpenAI resources that requests are sent to.</summary>
public sealed class BackendTable
{
    private static readonly Listing Backends = new(BackendRow.Select, "backend", "name", "name", new Dictionary<string, string>
    {
        ["name"] = "name",
        ["endpoint"] = "endpoint",
    });

    private readonly Statements statements;
    private readonly SecretProtection secrets;
    private readonly AuditTrail trail;

    internal BackendTable(Statements statements, SecretProtection secrets, AuditTrail trail)
    {
        this.statements = statements;
        this.secrets = secrets;
        this.trail = trail;
    }

    /// <returns>In the order of their names, without their secrets.</returns>
    public async Task<IReadOnlyList<BackendDefinition>> ListAsync() =>
        [.. (await RowsAsync(statements)).Select(r => r.Definition())];

    /// <returns>Without its secret, or null where there is none of that name.</returns>
    public async Task<BackendView?> ShowAsync(string name) => (await FindAsync(name))?.View(secrets);

    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<BackendView>> PageAsync(PageQuery query)
    {
        var page = await Backends.PageAsync<BackendRow>(
            statements, query, @"(@search IS NULL OR name LIKE @search ESCAPE '\' OR endpoint LIKE @search ESCAPE '\')", new { });
        return new Page<BackendView>([.. page.Items.Select(r => r.View(secrets))], page.Total, page.Number, page.Size);
    }

    /// <exception cref="ChangeRefusedException">The definition makes no sense, or there is one of that name already.</exception>
    public async Task AddAsync(BackendDefinition backend)
    {
        if (await FindAsync(backend.Name) is not null)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(backend.Name), $"there is a backend '{backend.Name}' already.");
        await PutAsync(backend);
    }

    /// <summary>Makes the backend or replaces it; does nothing where it is that already.</summary>
    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <exception cref="ChangeRefusedException">The definition makes no sense.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task PutAsync(BackendDefinition backend, long? expectedVersion = null)
    {
        var known = await FindAsync(backend.Name);
        ChangeConflictException.ThrowIfDifferent("backend", backend.Name, expectedVersion, known?.Version);
        backend = backend with
        {
            Name = known?.Name ?? backend.Name,
            Entra = backend is { KeepsIdentity: true, ApiKey: null } ? known?.Definition().Entra : backend.Entra,
        };
        BackendCheck.Check(backend, known);
        if (known is null)
            await RefuseTakenAsync(backend.Name);
        var (isNewKey, isNewSecret) = (IsNew(backend.ApiKey, known?.ApiKey(secrets)), IsNew(backend.Entra?.ClientSecret, known?.ClientSecret(secrets)));
        var (before, after) = (known is null ? null : Portrait.Of(known.Definition()), Portrait.Of(backend, known is not null && (isNewKey || isNewSecret) ? Json.NewMask : Json.Mask));
        if (JsonNode.DeepEquals(before, after))
            return;
        await WriteAsync(
            backend,
            isNewKey ? secrets.ProtectApiKey(backend.Name, Encoding.UTF8.GetBytes(backend.ApiKey!)) : known?.ApiKeyEncrypted,
            isNewSecret ? secrets.ProtectClientSecret(backend.Name, Encoding.UTF8.GetBytes(backend.Entra!.ClientSecret!)) : known?.ClientSecretEncrypted);
        var action = known is null ? AuditAction.Create : AuditAction.Change;
        await trail.RecordAsync(new AuditEntry(action, AuditKind.Backend, backend.Name, null, before, after));
    }

    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ChangeRefusedException">Models are deployed on it.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task<bool> DeleteAsync(string name, long? expectedVersion = null)
    {
        if (await FindAsync(name) is not { } known)
            return false;
        ChangeConflictException.ThrowIfDifferent("backend", name, expectedVersion, known.Version);
        var models = await statements.QueryAsync<string>("SELECT DISTINCT model FROM deployment WHERE backend = @name ORDER BY model", new { name });
        if (models.Count > 0)
            throw new ChangeRefusedException(
                WhyRefused.InUse, nameof(BackendDefinition.Name), $"backend '{known.Name}' still has deployments of {string.Join(", ", models)}.");
        await trail.RecordAsync(new AuditEntry(AuditAction.Delete, AuditKind.Backend, known.Name, null, Portrait.Of(known.Definition()), null));
        await statements.ExecuteAsync("DELETE FROM backend WHERE name = @name", new { name });
        return true;
    }

    internal static Task<IReadOnlyList<BackendRow>> RowsAsync(Statements statements) =>
        statements.QueryAsync<BackendRow>($"{BackendRow.Select} FROM backend ORDER BY name");

    private async Task RefuseTakenAsync(string name)
    {
        if ((await statements.QueryAsync<string>("SELECT name FROM backend")).FirstOrDefault(taken => Names.Same.Equals(taken, name)) is { } other)
            throw new ChangeRefusedException(nameof(BackendDefinition.Name), $"'{name}' is the name of backend '{other}' already: case does not matter.");
    }

    private Task<BackendRow?> FindAsync(string name) =>
        statements.FindAsync<BackendRow>($"{BackendRow.Select} FROM backend WHERE name = @name", new { name });

    private Task<int> WriteAsync(BackendDefinition backend, byte[]? apiKey, byte[]? clientSecret) => statements.ExecuteAsync(
        """
        INSERT INTO backend (name, endpoint, api_version, api_key_encrypted, entra_kind, entra_tenant, entra_client, entra_scope, entra_authority,
                             client_secret_encrypted, version)
        VALUES (@Name, @Endpoint, @ApiVersion, @ApiKeyEncrypted, @EntraKind, @EntraTenant, @EntraClient, @EntraScope, @EntraAuthority,
                @ClientSecretEncrypted, (SELECT version + 1 FROM configuration))
        ON CONFLICT (name) DO UPDATE SET
            endpoint = excluded.endpoint, api_version = excluded.api_version, api_key_encrypted = excluded.api_key_encrypted,
            entra_kind = excluded.entra_kind, entra_tenant = excluded.entra_tenant, entra_client = excluded.entra_client,
            entra_scope = excluded.entra_scope, entra_authority = excluded.entra_authority,
            client_secret_encrypted = excluded.client_secret_encrypted, version = backend.version + 1
        """,
        new BackendRow
        {
            Name = backend.Name,
            Endpoint = backend.Endpoint,
            ApiVersion = backend.ApiVersion,
            ApiKeyEncrypted = backend.Entra is null ? apiKey : null,
            EntraKind = (long?)backend.Entra?.Kind,
            EntraTenant = backend.Entra?.TenantId,
            EntraClient = backend.Entra?.ClientId,
            EntraScope = backend.Entra?.Scope,
            EntraAuthority = backend.Entra?.Authority,
            ClientSecretEncrypted = backend.Entra is { Kind: EntraIdentityKind.ClientSecret } ? clientSecret : null,
        });

    private static bool IsNew(string? given, string? known) => given is not null && given != known;
}
