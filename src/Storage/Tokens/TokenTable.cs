using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Tokens;

/// <summary>The tokens of the management API: their hashes, and what they open.</summary>
public sealed class TokenTable
{
    private const int HintLength = 4;

    private static readonly Listing Tokens = new(TokenRow.Select, "api_token", "id", "name", new Dictionary<string, string>
    {
        ["name"] = "name",
        ["createdAt"] = "created_at",
        ["expiresAt"] = "expires_at",
    });

    private readonly Statements statements;
    private readonly AuditTrail trail;
    private readonly List<Action<ApiTokens>> tokenChanges;
    private readonly TimeProvider time;

    internal TokenTable(Statements statements, AuditTrail trail, List<Action<ApiTokens>> tokenChanges, TimeProvider time)
    {
        this.statements = statements;
        this.trail = trail;
        this.tokenChanges = tokenChanges;
        this.time = time;
    }

    /// <summary>Revoked and expired ones included.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<TokenView>> PageAsync(TokenQuery query)
    {
        var page = await Tokens.PageAsync<TokenRow>(
            statements,
            query,
            @"(@search IS NULL OR name LIKE @search ESCAPE '\' OR organiser LIKE @search ESCAPE '\')",
            new { });
        return new Page<TokenView>([.. page.Items.Select(View)], page.Total, page.Number, page.Size);
    }

    public async Task<TokenView?> FindAsync(long id) =>
        await statements.FindAsync<TokenRow>($"{TokenRow.Select} FROM api_token WHERE id = @id", new { id }) is { } row ? View(row) : null;

    /// <exception cref="ChangeRefusedException">The definition makes no sense, or a token of that name is in force.</exception>
    public async Task<IssuedToken> IssueAsync(TokenDefinition definition)
    {
        Check(definition);
        if (await statements.FindAsync<long?>("SELECT id FROM api_token WHERE name = @Name AND revoked_at IS NULL", new { definition.Name }) is not null)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(definition.Name), $"there is a token '{definition.Name}' already: revoke it first.");
        var token = ApiToken.Generate();
        var hash = KeyHash.Of(token);
        var row = new TokenRow
        {
            Name = definition.Name,
            Role = (int)definition.Role,
            Organiser = definition.Organiser,
            Hash = hash.ToByteArray(),
            Hint = token[^HintLength..],
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ExpiresAt = definition.Expires?.ToUnixTimeMilliseconds(),
        };
        row.Id = await statements.FindAsync<long>(
            """
            INSERT INTO api_token (name, role, organiser, hash, hint, created_at, expires_at, revoked_at)
            VALUES (@Name, @Role, @Organiser, @Hash, @Hint, @CreatedAt, @ExpiresAt, NULL) RETURNING id
            """,
            row);
        await trail.RecordAsync(new AuditEntry(AuditAction.Issue, AuditKind.Token, Text(row.Id), null, null, PortraitOf(View(row))));
        tokenChanges.Add(tokens => tokens.Put(hash, row.Grant()));
        return new IssuedToken(View(row), token);
    }

    /// <returns>Whether there was such a token and it was not revoked before.</returns>
    public async Task<bool> RevokeAsync(long id)
    {
        var row = await statements.FindAsync<TokenRow>($"{TokenRow.Select} FROM api_token WHERE id = @id AND revoked_at IS NULL", new { id });
        if (row is null)
            return false;
        var before = PortraitOf(View(row));
        row.RevokedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        await statements.ExecuteAsync("UPDATE api_token SET revoked_at = @RevokedAt WHERE id = @Id", row);
        await trail.RecordAsync(new AuditEntry(AuditAction.Revoke, AuditKind.Token, Text(id), null, before, PortraitOf(View(row))));
        tokenChanges.Add(tokens => tokens.Remove(new KeyHash(row.Hash)));
        return true;
    }

    internal static async Task LoadAsync(Statements statements, ApiTokens tokens)
    {
        foreach (var row in await statements.QueryAsync<TokenRow>($"{TokenRow.Select} FROM api_token WHERE revoked_at IS NULL"))
            tokens.Put(new KeyHash(row.Hash), row.Grant());
    }

    private void Check(TokenDefinition definition)
    {
        var errors = new List<FieldError>();
        if (!Names.IsName(definition.Name))
            errors.Add(new FieldError(nameof(definition.Name), $"{Names.Rule()}."));
        // Else somebody could pass for these in the audit trail.
        if (definition.Name is "admin" or "server")
            errors.Add(new FieldError(nameof(definition.Name), $"'{definition.Name}' is a name of this program's own."));
        if (!Enum.IsDefined(definition.Role))
            errors.Add(new FieldError(nameof(definition.Role), "administrator or organiser."));
        if (definition.Role == ApiRole.Organiser && !Names.IsName(definition.Organiser))
            errors.Add(new FieldError(nameof(definition.Organiser), $"whose events it opens: a name of {Names.Rule()}."));
        if (definition is { Role: ApiRole.Administrator, Organiser: not null })
            errors.Add(new FieldError(nameof(definition.Organiser), "an administrator's token opens all events: none."));
        if (time.GetUtcNow() >= definition.Expires)
            errors.Add(new FieldError(nameof(definition.Expires), $"{definition.Expires:u} is over."));
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
    }

    private TokenView View(TokenRow row) => row.View(time.GetUtcNow());

    private static string Text(long id) => $"{id}";

    private static JsonObject PortraitOf(TokenView view) => new()
    {
        ["id"] = view.Id,
        ["name"] = view.Name,
        ["role"] = AuditTrail.Word(view.Role),
        ["organiser"] = view.Organiser,
        ["token"] = Json.Mask,
        ["expiresAt"] = Moments.Text(view.Expires),
        ["revokedAt"] = Moments.Text(view.Revoked),
    };

    private sealed class TokenRow
    {
        public const string Select =
            "SELECT id AS Id, name AS Name, role AS Role, organiser AS Organiser, hash AS Hash, hint AS Hint, created_at AS CreatedAt, "
            + "expires_at AS ExpiresAt, revoked_at AS RevokedAt";

        public long Id { get; set; }

        public string Name { get; init; } = "";

        public long Role { get; init; }

        public string? Organiser { get; init; }

        public byte[] Hash { get; init; } = [];

        public string Hint { get; init; } = "";

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; set; }

        public TokenGrant Grant() => new(Name, (ApiRole)checked((int)Role), Organiser, Moments.Of(ExpiresAt));

        public TokenView View(DateTimeOffset now) => new(
            Id, Name, (ApiRole)checked((int)Role), Organiser, Hint, Moments.Of(CreatedAt), Moments.Of(ExpiresAt), Moments.Of(RevokedAt),
            Moments.StateOf(ExpiresAt, RevokedAt, now));
    }
}
