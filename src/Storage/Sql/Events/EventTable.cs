using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>The events.</summary>
public sealed partial class EventTable
{
    private static readonly Listing Events = new(EventRow.Select, "event", "code", "start", new Dictionary<string, string>
    {
        ["code"] = "code",
        ["name"] = "name",
        // Wall times of different zones: right to the day, and what organisers expect to see.
        ["start"] = "start_wall",
        ["end"] = "end_wall",
        ["createdAt"] = "created_at",
        ["changedAt"] = "changed_at",
    });

    private readonly Statements statements;
    private readonly SecretProtection secrets;
    private readonly ModelTable models;
    private readonly AuditTrail trail;
    private readonly TimeProvider time;

    // As they are in this transaction; null is that there is none. A document asks for each of its events several times, and each is six statements to read.
    private readonly Dictionary<string, EventRow?> rowsByCode = [];

    internal EventTable(Statements statements, SecretProtection secrets, ModelTable models, AuditTrail trail, TimeProvider time)
    {
        this.statements = statements;
        this.secrets = secrets;
        this.models = models;
        this.trail = trail;
        this.time = time;
    }

    /// <summary>The codes of the events put in this transaction.</summary>
    internal HashSet<string> Written { get; } = [];

    /// <returns>In the order of their codes.</returns>
    public async Task<IReadOnlyList<EventDefinition>> ListAsync()
    {
        var rows = await RowsAsync(statements);
        // Whoever asks for all of them goes on to change or delete some.
        foreach (var row in rows)
            rowsByCode[row.Code] = row;
        return [.. rows.Select(r => r.Definition())];
    }

    /// <returns>What was put, its shared secret <see cref="SharedSecret.Unchanged"/>; null where there is no such event.</returns>
    public async Task<EventDefinition?> GetAsync(EventCode code) => (await FindAsync(code))?.Definition();

    /// <returns>Null where there is no such event, or the viewer does not see it.</returns>
    public async Task<EventView?> ShowAsync(EventCode code, Viewer viewer) =>
        await FindAsync(code, viewer) is { } row ? await ViewAsync(row) : null;

    /// <summary>The events that the viewer sees.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<EventView>> PageAsync(EventQuery query, Viewer viewer)
    {
        var page = await Events.PageAsync<EventRow>(
            statements,
            query,
            $@"{Viewer.Sees("code")} AND (@State IS NULL OR state = @State) AND (@Owner IS NULL OR owner = @Owner)
               AND (@search IS NULL OR code LIKE @search ESCAPE '\' OR name LIKE @search ESCAPE '\' OR organiser_name LIKE @search ESCAPE '\')",
            new { State = (int?)query.State, query.Owner, viewer = viewer.OrganiserName });
        await FillAsync(statements, page.Items, code: null);
        var views = new List<EventView>(page.Items.Count);
        foreach (var row in page.Items)
            views.Add(await ViewAsync(row));
        return new Page<EventView>(views, page.Total, page.Number, page.Size);
    }

    /// <param name="owner">The organiser whose event it is; null is nobody but administrators. An organiser makes their own only.</param>
    /// <exception cref="ChangeRefusedException">The definition makes no sense, or there is an event with that code.</exception>
    public async Task AddAsync(EventDefinition definition, string? owner = null)
    {
        var code = EventCheck.Code(definition.Code);
        if (await FindAsync(code) is not null)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(definition.Code), $"there is an event '{code}' already.");
        await PutAsync(definition, known: null, owner, AuditAction.Create);
    }

    /// <summary>Makes the event, for nobody but administrators, or replaces what is known of it; its attendees and organisers stay.</summary>
    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <exception cref="ChangeRefusedException">The definition makes no sense.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task PutAsync(EventDefinition definition, long? expectedVersion = null)
    {
        var code = EventCheck.Code(definition.Code);
        var known = await FindAsync(code);
        ChangeConflictException.ThrowIfDifferent("event", code.Value, expectedVersion, known?.Version);
        await PutAsync(definition, known, known?.Owner, known is null ? AuditAction.Create : AuditAction.Change);
    }

    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ChangeRefusedException">It has or had attendees.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task<bool> DeleteAsync(EventCode code, long? expectedVersion = null)
    {
        if (await FindAsync(code, trail.Viewer) is not { } known)
            return false;
        ChangeConflictException.ThrowIfDifferent("event", code.Value, expectedVersion, known.Version);
        if (await HasAttendeesAsync(code))
            throw new ChangeRefusedException(
                WhyRefused.InUse, nameof(EventDefinition.Code), $"event '{code}' has attendees and is kept for its reports: archive it instead.");
        // Their rows go with the event's, by the database's own hand.
        await LimitTable.RecordDeletionAsync(statements, trail, code.Value);
        await trail.RecordAsync(new AuditEntry(AuditAction.Delete, AuditKind.Event, code.Value, code.Value, PortraitOf(known), null));
        await statements.ExecuteAsync("DELETE FROM refusal WHERE event = @Value", new { code.Value });
        await statements.ExecuteAsync("DELETE FROM event WHERE code = @Value", new { code.Value });
        rowsByCode.Remove(code.Value);
        return true;
    }

    /// <summary>How an event names its users.</summary>
    /// <exception cref="ChangeRefusedException">There is no such event, or it hashes user ids with a secret that cannot be read.</exception>
    internal async Task<Func<UserId, string>> NamerAsync(EventCode code)
    {
        var row = await GetRowAsync(code);
        if (row.HashesUserIds == 0)
            return user => user.Value;
        var secret = SecretOf(row) ?? throw new ChangeRefusedException(WhyRefused.WrongState, nameof(Event), SecretLost(code.Value));
        return user => secret.HashUserId(user.Value);
    }

    /// <summary>The time zone of each event, by its code; UTC where a hand at the database has put there what is none.</summary>
    internal static async Task<IReadOnlyDictionary<string, TimeZoneInfo>> ZonesAsync(Statements statements) =>
        (await statements.QueryAsync<(string Code, string Zone)>("SELECT code, time_zone FROM event"))
            .ToDictionary(e => e.Code, e => TimeZoneInfo.TryFindSystemTimeZoneById(e.Zone, out var zone) ? zone : TimeZoneInfo.Utc);

    /// <param name="code">Only this one; null is all.</param>
    internal static async Task<IReadOnlyList<EventRow>> RowsAsync(Statements statements, string? code = null)
    {
        var rows = await statements.QueryAsync<EventRow>($"{EventRow.Select} FROM event {Only("code", code)} ORDER BY code", new { code });
        await FillAsync(statements, rows, code);
        return rows;
    }

    // Said only where there is an event to say: a condition that may be none takes no index.
    private static string Only(string column, string? code) => code is null ? "" : $"WHERE {column} = @code";

    private static async Task FillAsync(Statements statements, IReadOnlyList<EventRow> rows, string? code)
    {
        if (rows.Count == 0)
            return;
        var offered = (await statements.QueryAsync<(string Event, string Model)>(
                $"SELECT event, model FROM event_model {Only("event", code)} ORDER BY event, position", new { code }))
            .ToLookup(m => m.Event, m => m.Model);
        var defaults = (await statements.QueryAsync<(string Event, long Operation, string Model)>(
                $"SELECT event, operation, model FROM event_default {Only("event", code)} ORDER BY event, operation", new { code }))
            .ToLookup(d => d.Event, d => (d.Operation, d.Model));
        var origins = (await statements.QueryAsync<(string Event, string Origin)>(
                $"SELECT event, origin FROM event_origin {Only("event", code)} ORDER BY event, position", new { code }))
            .ToLookup(o => o.Event, o => o.Origin);
        var organisers = (await statements.QueryAsync<(string Event, string Organiser)>(
                $"SELECT event, organiser FROM event_organiser {Only("event", code)} ORDER BY event, organiser", new { code }))
            .ToLookup(o => o.Event, o => o.Organiser);
        var claims = (await statements.QueryAsync<(string Event, long Claim, string Value)>(
                $"SELECT event, claim, value FROM event_token_claim {Only("event", code)} ORDER BY event, claim, position", new { code }))
            .ToLookup(c => c.Event, c => (c.Claim, c.Value));
        foreach (var row in rows)
        {
            row.Models = [.. offered[row.Code]];
            row.Defaults = [.. defaults[row.Code]];
            row.Origins = [.. origins[row.Code]];
            row.TokenClaims = [.. claims[row.Code]];
            row.CoOrganisers = [.. organisers[row.Code]];
        }
    }

    internal static string SecretLost(string code) =>
        $"The secret of event '{code}' was encrypted with a key ring that is not here: bring that key ring back, or make a new event.";

    internal async Task<EventRow?> FindAsync(EventCode code, Viewer? viewer = null)
    {
        if (viewer?.OrganiserName is { } name && await statements.FindAsync<string>(
            $"SELECT code FROM event WHERE code = @Value AND {Viewer.Sees("code")}", new { code.Value, viewer = name }) is null)
            return null;
        if (!rowsByCode.TryGetValue(code.Value, out var row))
            rowsByCode.Add(code.Value, row = await RowsAsync(statements, code.Value) is [var read] ? read : null);
        return row;
    }

    // Only those that the actor may see: to an organiser somebody else's events are not there.
    private async Task<EventRow> GetRowAsync(EventCode code) => await FindAsync(code, trail.Viewer) ?? throw Missing(code);

    private static ChangeRefusedException Missing(EventCode code) => new(WhyRefused.Missing, nameof(Event), $"there is no event '{code}'.");

    private async Task<EventView> ViewAsync(EventRow row)
    {
        var definition = row.Definition();
        var now = time.GetUtcNow();
        var (attendees, keys) = await statements.FindAsync<(long Attendees, long Keys)>(
            """
            SELECT (SELECT COUNT(*) FROM attendee WHERE event = @Code AND removed_at IS NULL),
                   (SELECT COUNT(*) FROM attendee_key k JOIN attendee a ON a.id = k.attendee
                    WHERE a.event = @Code AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > @now))
            """,
            new { row.Code, now = now.ToUnixTimeMilliseconds() });
        var window = TryWindow(definition);
        return new EventView(
            definition, await LimitTable.ListAsync(statements, row.Code), row.Owner, row.CoOrganisers, window?.Opens, window?.Ends,
            window is null ? null : Event.StandingOf(definition.State, window, now),
            row.SharedSecretHash is not null, attendees, keys, row.Version, Moments.Of(row.CreatedAt), Moments.Of(row.ChangedAt));
    }

    private static EventWindow? TryWindow(EventDefinition definition)
    {
        try
        {
            return EventCheck.Window(definition);
        }
        catch (ChangeRefusedException)
        {
            // A hand at the database; the event is not in force, but must be shown to be mended.
            return null;
        }
    }

    private async Task PutAsync(EventDefinition definition, EventRow? known, string? owner, AuditAction action)
    {
        var code = EventCheck.Code(definition.Code);
        if (known is not null && known.HashesUserIds != 0 != definition.HashesUserIds && await HasAttendeesAsync(code))
            throw new ChangeRefusedException(
                nameof(definition.HashesUserIds), "cannot change once there are attendees: they would be taken for new ones.");
        if (known is null)
            CheckOwner(owner);
        var (secret, isNew) = await SecretAsync(code, known, definition);
        var knownHash = isNew ? null : known?.SharedSecretHash;
        var hash = SharedSecretHash(definition.SharedSecret, secret, knownHash);
        var catalogue = await models.CatalogueAsync();
        var stored = known?.Definition();
        _ = EventCheck.ToEvent(definition, stored, secret, hash, name => catalogue.TryGetValue(name, out var model) ? new Offer(model, []) : null);
        // As the catalogue writes them, so that one event is described in one way.
        definition = definition with { Code = code.Value, Models = [.. definition.Models.Select(m => catalogue[m].Name)] };
        var mask = hash is null ? null : knownHash is not null && !hash.AsSpan().SequenceEqual(knownHash) ? Json.NewMask : Json.Mask;
        var (before, after) = (known is null ? null : PortraitOf(known), Portrait.Of(definition, owner, known?.CoOrganisers ?? [], mask));
        if (known is not null && !isNew && JsonNode.DeepEquals(before, after))
            return;
        var encrypted = isNew || known is null ? secrets.ProtectEventSecret(code.Value, secret.Export()) : known.SecretEncrypted;
        await WriteAsync(code, definition, hash, encrypted, owner);
        await WriteListsAsync(code.Value, stored, definition);
        rowsByCode.Remove(code.Value);
        Written.Add(code.Value);
        await trail.RecordAsync(new AuditEntry(action, AuditKind.Event, code.Value, code.Value, before, after));
    }

    private static JsonObject PortraitOf(EventRow row) =>
        Portrait.Of(row.Definition(), row.Owner, row.CoOrganisers, row.SharedSecretHash is null ? null : Json.Mask);

    private async Task<bool> HasAttendeesAsync(EventCode code) =>
        await statements.FindAsync<long?>("SELECT 1 FROM attendee WHERE event = @Value LIMIT 1", new { code.Value }) is not null;

    // A secret that is lost is replaced where nothing depends on it; hashed user ids do, and so does a shared secret, which must be given again.
    private async Task<(EventSecret Secret, bool IsNew)> SecretAsync(EventCode code, EventRow? known, EventDefinition definition)
    {
        if (known is not null && SecretOf(known) is { } secret)
            return (secret, false);
        if (known is not null && definition.HashesUserIds && await HasAttendeesAsync(code))
            throw new ChangeRefusedException(nameof(definition.HashesUserIds), SecretLost(code.Value));
        return (EventSecret.Generate(), true);
    }

    private EventSecret? SecretOf(EventRow row) =>
        secrets.TryUnprotectEventSecret(row.Code, row.SecretEncrypted, out var key) && key.Length == EventSecret.Length ? new EventSecret(key) : null;

    private static byte[]? SharedSecretHash(SharedSecret sharedSecret, EventSecret secret, byte[]? known) => sharedSecret switch
    {
        SharedSecret.Removed => null,
        SharedSecret.Set { IsValid: true } set => secret.HashSharedSecret(set.Text),
        SharedSecret.Set => throw new ChangeRefusedException(
            nameof(EventDefinition.SharedSecret),
            $"{SharedSecret.Set.MinLength} to {SharedSecret.Set.MaxLength} visible ASCII characters without '/', ':' and '@'."),
        _ => known,
    };

    private Task<int> WriteAsync(EventCode code, EventDefinition definition, byte[]? sharedSecretHash, byte[] secretEncrypted, string? owner) => statements.ExecuteAsync(
        """
        INSERT INTO event (code, name, description, organiser_name, organiser_email, image_url, start_wall, end_wall, time_zone, state,
                           output_cap, reasoning_output_cap, entrance, shared_secret_hash, hashes_user_ids, secret_encrypted, attendee_cap,
                           cuts_in_flight, stream_mode, retention_days, token_tenant, token_authority, owner, version, created_at, changed_at)
        VALUES (@Code, @Name, @Description, @OrganiserName, @OrganiserEmail, @ImageUrl, @StartWall, @EndWall, @TimeZone, @State,
                @OutputCap, @ReasoningOutputCap, @Entrance, @SharedSecretHash, @HashesUserIds, @SecretEncrypted, @AttendeeCap,
                @CutsInFlight, @StreamMode, @RetentionDays, @TokenTenant, @TokenAuthority, @Owner, (SELECT version + 1 FROM configuration), @ChangedAt, @ChangedAt)
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, description = excluded.description, organiser_name = excluded.organiser_name,
            organiser_email = excluded.organiser_email, image_url = excluded.image_url, start_wall = excluded.start_wall,
            end_wall = excluded.end_wall, time_zone = excluded.time_zone, state = excluded.state, output_cap = excluded.output_cap,
            reasoning_output_cap = excluded.reasoning_output_cap, entrance = excluded.entrance,
            shared_secret_hash = excluded.shared_secret_hash, hashes_user_ids = excluded.hashes_user_ids,
            secret_encrypted = excluded.secret_encrypted, attendee_cap = excluded.attendee_cap,
            cuts_in_flight = excluded.cuts_in_flight, stream_mode = excluded.stream_mode, retention_days = excluded.retention_days,
            token_tenant = excluded.token_tenant, token_authority = excluded.token_authority,
            version = event.version + 1, changed_at = excluded.changed_at
        """,
        new EventRow
        {
            Code = code.Value,
            Name = definition.Name,
            Description = definition.Description,
            OrganiserName = definition.Organiser.Name,
            OrganiserEmail = definition.Organiser.Email,
            ImageUrl = definition.ImageUrl,
            StartWall = EventRow.WriteWallTime(definition.Start),
            EndWall = EventRow.WriteWallTime(definition.End),
            TimeZone = definition.TimeZone,
            State = (int)definition.State,
            OutputCap = definition.OutputCap,
            ReasoningOutputCap = definition.ReasoningOutputCap,
            Entrance = (int)definition.Entrance,
            SharedSecretHash = sharedSecretHash,
            HashesUserIds = definition.HashesUserIds ? 1 : 0,
            SecretEncrypted = secretEncrypted,
            AttendeeCap = definition.AttendeeCap,
            CutsInFlight = definition.CutsInFlight ? 1 : 0,
            StreamMode = (long?)definition.StreamMode,
            RetentionDays = definition.RetentionDays,
            TokenTenant = definition.TokenAdmission?.TenantId,
            TokenAuthority = definition.TokenAdmission?.Authority,
            Owner = owner,
            ChangedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        });

    private async Task WriteListsAsync(string @event, EventDefinition? stored, EventDefinition definition)
    {
        await WriteListAsync(
            "event_model", "(event, position, model) VALUES (@event, @position, @model)",
            d => d.Models.Index().Select(m => new { @event, position = m.Index, model = m.Item }));
        await WriteListAsync(
            "event_default", "(event, operation, model) VALUES (@event, @operation, @model)",
            d => d.Defaults.OrderBy(o => o.Key).Select(o => new { @event, operation = (int)o.Key, model = o.Value }));
        await WriteListAsync(
            "event_origin", "(event, position, origin) VALUES (@event, @position, @origin)",
            d => d.AllowedOrigins.Index().Select(o => new { @event, position = o.Index, origin = o.Item }));
        await WriteListAsync(
            "event_token_claim", "(event, claim, position, value) VALUES (@event, @claim, @position, @value)",
            d => ClaimsOf(d).Select(c => new { @event, claim = (int)c.Claim, position = c.Position, value = c.Value }));

        async Task WriteListAsync<T>(string table, string row, Func<EventDefinition, IEnumerable<T>> rowsOf)
        {
            var rows = rowsOf(definition).ToList();
            // Most changes are of none of them, and of a new event there are none yet.
            if (stored is not null && rows.SequenceEqual(rowsOf(stored)))
                return;
            if (stored is not null)
                await statements.ExecuteAsync($"DELETE FROM {table} WHERE event = @event", new { @event });
            await statements.ExecuteAsync($"INSERT INTO {table} {row}", rows);
        }
    }

    private static IEnumerable<(TokenClaim Claim, int Position, string Value)> ClaimsOf(EventDefinition definition) => definition.TokenAdmission is not { } admission
        ? []
        :
        [
            .. admission.Audiences.Select((value, position) => (TokenClaim.Audience, position, value)),
            .. admission.Groups.Select((value, position) => (TokenClaim.Group, position, value)),
            .. admission.Roles.Select((value, position) => (TokenClaim.Role, position, value)),
        ];
}
