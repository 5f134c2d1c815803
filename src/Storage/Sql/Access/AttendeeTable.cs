using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>Who takes part in which event.</summary>
public sealed class AttendeeTable
{
    // Ids begin with 1.
    private const long Nobody = 0;

    private static readonly Listing Attendees = new(AttendeeViewRow.Select, "attendee", "id", "enteredAt", new Dictionary<string, string>
    {
        ["name"] = "name",
        ["enteredAt"] = "entered_at",
    });

    private readonly Statements statements;
    private readonly EventTable events;
    private readonly AuditTrail trail;
    private readonly List<Action<KeyRing>> keyRingChanges;
    private readonly TimeProvider time;

    internal AttendeeTable(
        Statements statements, EventTable events, AuditTrail trail, List<Action<KeyRing>> keyRingChanges, TimeProvider time)
    {
        this.statements = statements;
        this.events = events;
        this.trail = trail;
        this.keyRingChanges = keyRingChanges;
        this.time = time;
    }

    /// <summary>Nobody where the viewer does not see the event.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    /// <exception cref="ChangeRefusedException">The query names a user, and there is no such event or this is no user id.</exception>
    public async Task<Page<AttendeeView>> PageAsync(EventCode code, AttendeeQuery query, Viewer viewer)
    {
        var user = query.User is { } userId ? (await FindAsync(code, userId))?.Id ?? Nobody : (long?)null;
        var page = await Attendees.PageAsync<AttendeeViewRow>(
            statements,
            query,
            $@"event = @Value AND removed_at IS NULL AND {Viewer.Sees("event")}
               AND (@user IS NULL OR id = @user) AND (@IsBlocked IS NULL OR is_blocked = @IsBlocked) AND (@search IS NULL OR name LIKE @search ESCAPE '\')",
            new { code.Value, user, query.IsBlocked, viewer = viewer.OrganiserName, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        return new Page<AttendeeView>([.. page.Items.Select(r => r.View())], page.Total, page.Number, page.Size);
    }

    /// <returns>Null where there is no such attendee in that event, they were removed, or the viewer does not see the event.</returns>
    public async Task<AttendeeView?> ShowAsync(EventCode code, long id, Viewer viewer) =>
        (await statements.FindAsync<AttendeeViewRow>(
            $"{AttendeeViewRow.Select} FROM attendee WHERE id = @id AND event = @Value AND removed_at IS NULL AND {Viewer.Sees("event")}",
            new { id, code.Value, viewer = viewer.OrganiserName, now = time.GetUtcNow().ToUnixTimeMilliseconds() }))?.View();

    /// <returns>Null where there is none, or they were removed.</returns>
    public async Task<Attendee?> GetAsync(long id) => (await FindAsync(id))?.Attendee();

    /// <param name="userId">As the user writes it, also where the event stores only its hash.</param>
    /// <exception cref="ChangeRefusedException">There is no such event, or this is no user id.</exception>
    public async Task<Attendee?> FindAsync(EventCode code, string userId) =>
        await FindByNameAsync(statements, code, (await events.NamerAsync(code))(User(userId)));

    /// <returns>Whether there is such an attendee.</returns>
    public Task<bool> BlockAsync(long id) => SetBlockedAsync(id, isBlocked: true);

    /// <returns>Whether there is such an attendee.</returns>
    public Task<bool> UnblockAsync(long id) => SetBlockedAsync(id, isBlocked: false);

    /// <summary>
    /// Forgets an attendee: their keys die, their name is gone and may come again as somebody new, and their place under the
    /// event's cap is free. The row stays, nameless, for the sake of what they used.
    /// </summary>
    /// <returns>Whether there is such an attendee.</returns>
    public async Task<bool> RemoveAsync(long id)
    {
        if (await FindAsync(id) is not { } row)
            return false;
        await trail.RecordAsync(new AuditEntry(AuditAction.Remove, AuditKind.Attendee, $"{id}", row.Event, PortraitOf(row.IsBlocked != 0), null));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await statements.ExecuteAsync("UPDATE attendee SET name = NULL, removed_at = @now WHERE id = @id", new { id, now });
        await statements.ExecuteAsync("DELETE FROM attendee_refusal WHERE attendee = @id", new { id });
        var hashes = await statements.QueryAsync<byte[]>(
            "UPDATE attendee_key SET revoked_at = @now WHERE attendee = @id AND revoked_at IS NULL RETURNING hash", new { id, now });
        var attendee = row.Attendee();
        keyRingChanges.Add(keyRing =>
        {
            foreach (var hash in hashes)
                keyRing.Remove(new KeyHash(hash));
            keyRing.Remove(attendee);
        });
        return true;
    }

    /// <summary>Makes an attendee of somebody whom an organiser lets in, whatever the event's cap; idempotent. Who calls it records what it is done for.</summary>
    /// <param name="name">By which the event knows them.</param>
    internal async Task<Attendee> AdmitAsync(EventCode code, string name)
    {
        await statements.ExecuteAsync(
            """
            INSERT INTO attendee (event, name, is_blocked, by_code, entered_at) VALUES (@Event, @Name, 0, 0, @now)
            ON CONFLICT (event, name) DO NOTHING
            """,
            new { Event = code.Value, Name = name, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        var attendee = (await FindByNameAsync(statements, code, name))!;
        keyRingChanges.Add(keyRing => keyRing.Put(attendee));
        return attendee;
    }

    /// <summary>How many more may come with the event's code; 0 or less is that it is full or gone. True until its transaction ends or somebody enters.</summary>
    internal static async Task<long> FreePlacesAsync(Statements statements, EventCode code) =>
        await statements.FindAsync<long?>(
            """
            SELECT attendee_cap - (SELECT COUNT(*) FROM attendee WHERE event = @Value AND by_code = 1 AND removed_at IS NULL) FROM event WHERE code = @Value
            """,
            new { code.Value }) ?? 0;

    /// <summary>Makes an attendee of somebody who comes with the event's code, where there is a place; idempotent.</summary>
    /// <returns>Null where there is none, and whether they took a place: who was there already did not.</returns>
    internal static async Task<(Attendee? Attendee, bool IsNew)> EnterByCodeAsync(Statements statements, EventCode code, string name, bool isPlaceFree, DateTimeOffset now)
    {
        var isNew = isPlaceFree && await statements.ExecuteAsync(
            """
            INSERT INTO attendee (event, name, is_blocked, by_code, entered_at) VALUES (@Value, @name, 0, 1, @now)
            ON CONFLICT (event, name) DO NOTHING
            """,
            new { code.Value, name, now = now.ToUnixTimeMilliseconds() }) > 0;
        return (await FindByNameAsync(statements, code, name), isNew);
    }

    internal static async Task<IReadOnlyList<Attendee>> ListAllAsync(Statements statements) =>
        [.. (await statements.QueryAsync<AttendeeRow>($"{AttendeeRow.Select} WHERE removed_at IS NULL")).Select(r => r.Attendee())];

    /// <summary>Tells the key ring what has changed about somebody.</summary>
    internal async Task RefreshAsync(long id)
    {
        if (await GetAsync(id) is { } attendee)
            keyRingChanges.Add(keyRing => keyRing.Put(attendee));
    }

    private static async Task<Attendee?> FindByNameAsync(Statements statements, EventCode code, string name) =>
        (await statements.FindAsync<AttendeeRow>($"{AttendeeRow.Select} WHERE event = @Value AND name = @name", new { code.Value, name }))?.Attendee();

    private static UserId User(string userId) =>
        UserId.TryParse(userId, out var user) ? user : throw new ChangeRefusedException(nameof(AttendeeQuery.User), $"a user id has {UserId.Rule}.");

    // Only those whom the actor may see: to an organiser somebody else's attendees are not there.
    private Task<AttendeeRow?> FindAsync(long id) => statements.FindAsync<AttendeeRow>(
        $"{AttendeeRow.Select} WHERE id = @id AND removed_at IS NULL AND {Viewer.Sees("event")}", new { id, viewer = trail.Viewer.OrganiserName });

    private async Task<bool> SetBlockedAsync(long id, bool isBlocked)
    {
        if (await FindAsync(id) is not { } row)
            return false;
        var attendee = row.Attendee();
        if (attendee.IsBlocked == isBlocked)
            return true;
        await statements.ExecuteAsync("UPDATE attendee SET is_blocked = @isBlocked WHERE id = @id", new { id, isBlocked });
        var action = isBlocked ? AuditAction.Block : AuditAction.Unblock;
        await trail.RecordAsync(new AuditEntry(action, AuditKind.Attendee, $"{id}", row.Event, PortraitOf(!isBlocked), PortraitOf(isBlocked)));
        keyRingChanges.Add(keyRing => keyRing.Put(attendee with { IsBlocked = isBlocked }));
        return true;
    }

    // Without their name: who is removed must be forgotten in the audit trail too.
    private static JsonObject PortraitOf(bool isBlocked) => new() { ["isBlocked"] = isBlocked };

    private sealed class AttendeeRow
    {
        public const string Select = "SELECT id AS Id, event AS Event, name AS Name, is_blocked AS IsBlocked, "
            + "(SELECT json_group_object(\"limit\", cap) FROM attendee_cap c WHERE c.attendee = attendee.id) AS RaisedCaps FROM attendee";

        public long Id { get; init; }

        public string Event { get; init; } = "";

        public string Name { get; init; } = "";

        public long IsBlocked { get; init; }

        /// <summary>A JSON object of caps by the limit's id.</summary>
        public string RaisedCaps { get; init; } = "{}";

        public Attendee Attendee()
        {
            var attendee = new Attendee(Id, EventCode.Parse(Event), Name, IsBlocked != 0);
            return RaisedCaps == "{}" ? attendee : attendee with { RaisedCaps = JsonSerializer.Deserialize<Dictionary<long, long>>(RaisedCaps)! };
        }
    }

    private sealed class AttendeeViewRow
    {
        public const string Select = """
            SELECT id AS Id, name AS Name, is_blocked AS IsBlocked, by_code AS ByCode, entered_at AS EnteredAt,
                   (SELECT COUNT(*) FROM attendee_key k
                    WHERE k.attendee = attendee.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > @now)) AS KeyCount,
                   (SELECT json_object('At', at, 'Code', code, 'Message', message, 'Request', request)
                    FROM attendee_refusal r WHERE r.attendee = attendee.id) AS LastRefusal,
                   (SELECT json_group_array(json_object('Limit', l.id, 'Scope', l.scope, 'Unit', l.unit, 'Window', l.window, 'Model', l.model, 'UsualCap', l.cap, 'Cap', c.cap))
                    FROM attendee_cap c JOIN event_limit l ON l.id = c."limit" WHERE c.attendee = attendee.id) AS RaisedCaps
            """;

        public long Id { get; init; }

        public string Name { get; init; } = "";

        public long IsBlocked { get; init; }

        public long ByCode { get; init; }

        public long EnteredAt { get; init; }

        public long KeyCount { get; init; }

        /// <summary>JSON; null where there is none.</summary>
        public string? LastRefusal { get; init; }

        /// <summary>A JSON array.</summary>
        public string RaisedCaps { get; init; } = "[]";

        public AttendeeView View() => new(Id, Name, IsBlocked != 0, ByCode != 0, Moments.Of(EnteredAt), KeyCount)
        {
            RaisedCaps = RaisedCaps == "[]" ? [] : [.. JsonSerializer.Deserialize<RaisedCap[]>(RaisedCaps)!.OrderBy(c => c.Limit)],
            LastRefusal = LastRefusal is null ? null : JsonSerializer.Deserialize<RefusalRow>(LastRefusal)!.Refusal(),
        };
    }

    private sealed record RefusalRow(long At, string Code, string Message, string Request)
    {
        public LastRefusal Refusal() => new(Moments.Of(At), Code, Message, Request);
    }
}
