using System.Text.Json.Nodes;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>The attendees' keys: their hashes, and until when they work.</summary>
public sealed class KeyTable
{
    /// <summary>The most keys that can be issued at once.</summary>
    public const int LargestBatch = 5_000;

    private const int HintLength = 4;

    /// <summary>The longest that an old key may go on beside the one that replaces it.</summary>
    public static readonly TimeSpan LongestGrace = TimeSpan.FromDays(90);

    private static readonly Listing Keys = new(KeyRow.Select, KeyRow.From, "k.id", "issuedAt", new Dictionary<string, string>
    {
        ["issuedAt"] = "k.issued_at",
        ["user"] = "a.name",
        ["expiresAt"] = "k.expires_at",
    });

    private readonly Statements statements;
    private readonly EventTable events;
    private readonly AttendeeTable attendees;
    private readonly AuditTrail trail;
    private readonly List<Action<KeyRing>> keyRingChanges;
    private readonly TimeProvider time;

    internal KeyTable(
        Statements statements, EventTable events, AttendeeTable attendees, AuditTrail trail, List<Action<KeyRing>> keyRingChanges, TimeProvider time)
    {
        this.statements = statements;
        this.events = events;
        this.attendees = attendees;
        this.trail = trail;
        this.keyRingChanges = keyRingChanges;
        this.time = time;
    }

    /// <summary>None where the viewer does not see the event.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<KeyView>> PageAsync(EventCode code, KeyQuery query, Viewer viewer)
    {
        var page = await Keys.PageAsync<KeyRow>(
            statements,
            query,
            $@"a.event = @Value AND {Viewer.Sees("a.event")} AND (@AttendeeId IS NULL OR k.attendee = @AttendeeId)
               AND (@State IS NULL OR @State = CASE
                    WHEN k.revoked_at IS NOT NULL THEN {(int)KeyState.Revoked} WHEN k.expires_at <= @now THEN {(int)KeyState.Expired}
                    ELSE {(int)KeyState.Active} END)
               AND (@search IS NULL OR a.name LIKE @search ESCAPE '\' OR k.hint LIKE @search ESCAPE '\')",
            new { code.Value, query.AttendeeId, State = (int?)query.State, viewer = viewer.OrganiserName, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        return new Page<KeyView>([.. page.Items.Select(View)], page.Total, page.Number, page.Size);
    }

    /// <returns>Null where there is no such key in that event, or the viewer does not see the event.</returns>
    public async Task<KeyView?> ShowAsync(EventCode code, long id, Viewer viewer) =>
        await FindAsync(code, id, viewer) is { } row ? View(row) : null;

    /// <summary>Makes a key for a user, and an attendee of them if they are none yet.</summary>
    /// <param name="userId">As the user writes it, also where the event stores only its hash.</param>
    /// <param name="expires">In the future; null is never (the event's window still holds).</param>
    /// <exception cref="ChangeRefusedException">There is no such event, this is no user id, or the key would be expired already.</exception>
    public async Task<IssuedKey> IssueOneAsync(EventCode code, string userId, DateTimeOffset? expires = null)
    {
        CheckExpiry(expires);
        if (!UserId.TryParse(userId, out var user))
            throw new ChangeRefusedException("User", $"a user id has {UserId.Rule}.");
        var name = await events.NamerAsync(code);
        return await IssueAsync(code, user, name(user), expires);
    }

    /// <summary>Makes a key for each of many users, or for none of them.</summary>
    /// <param name="userIds">1 to <see cref="LargestBatch"/>, each once.</param>
    /// <param name="expires">In the future; null is never (the event's window still holds).</param>
    /// <returns>In the order of the users.</returns>
    /// <exception cref="ChangeRefusedException">Something is wrong with the list; the errors name each user it is about.</exception>
    public async Task<IReadOnlyList<IssuedKey>> IssueManyAsync(EventCode code, IReadOnlyList<string> userIds, DateTimeOffset? expires = null)
    {
        CheckExpiry(expires);
        var users = Users(userIds);
        var name = await events.NamerAsync(code);
        var keys = new List<IssuedKey>(users.Count);
        foreach (var user in users)
            keys.Add(await IssueAsync(code, user, name(user), expires));
        return keys;
    }

    /// <summary>Makes a new key for the owner of another one, which goes on for a while; the new one expires when the old one was to.</summary>
    /// <param name="grace">0 to 90 days; 0 ends the old one at once.</param>
    /// <exception cref="ChangeRefusedException">There is no such key, or it does not work any more.</exception>
    public async Task<IssuedKey> RotateAsync(EventCode code, long id, TimeSpan grace)
    {
        if (grace < TimeSpan.Zero || grace > LongestGrace)
            throw new ChangeRefusedException("Grace", $"0 to {LongestGrace.TotalDays} days.");
        var old = await FindAsync(code, id, trail.Viewer) ?? throw new ChangeRefusedException(WhyRefused.Missing, "Id", $"event '{code}' has no key {id}.");
        var now = time.GetUtcNow();
        if (Moments.StateOf(old.ExpiresAt, old.RevokedAt, now) != KeyState.Active)
            throw new ChangeRefusedException(WhyRefused.WrongState, "Id", $"key {id} does not work any more: issue a new one.");
        var expires = Moments.Of(old.ExpiresAt);
        var ends = Earlier(expires, now + grace);
        // What happens to the old key is recorded, with the new one's number, as one thing.
        var issued = await InsertAsync(old.Attendee, old.User ?? "", expires);
        await statements.ExecuteAsync("UPDATE attendee_key SET expires_at = @ends WHERE id = @id", new { id, ends = ends.ToUnixTimeMilliseconds() });
        var (before, after) = (PortraitOf(old.Attendee, old.Hint, expires), PortraitOf(old.Attendee, old.Hint, ends));
        after["replacedBy"] = issued.Id;
        await trail.RecordAsync(new AuditEntry(AuditAction.Rotate, AuditKind.Key, $"{id}", code.Value, before, after));
        var grant = new KeyGrant(old.Attendee, Moments.Of(ends.ToUnixTimeMilliseconds()));
        keyRingChanges.Add(keyRing => keyRing.Put(new KeyHash(old.Hash), grant));
        return issued;
    }

    /// <returns>Whether there was such a key in that event and it was not revoked before.</returns>
    public async Task<bool> RevokeAsync(EventCode code, long id) =>
        await FindAsync(code, id, trail.Viewer) is { } row && await RevokeAsync(row);

    internal static async Task<IReadOnlyList<(KeyHash Hash, KeyGrant Grant)>> ListUnrevokedAsync(Statements statements)
    {
        var rows = await statements.QueryAsync<KeyRow>(
            // Only what the key ring holds: a start waits for a million of them.
            "SELECT hash AS Hash, attendee AS Attendee, expires_at AS ExpiresAt FROM attendee_key WHERE revoked_at IS NULL");
        return [.. rows.Select(r => (new KeyHash(r.Hash), new KeyGrant(r.Attendee, Moments.Of(r.ExpiresAt))))];
    }

    private async Task<bool> RevokeAsync(KeyRow row)
    {
        if (row.RevokedAt is not null)
            return false;
        var now = time.GetUtcNow();
        await statements.ExecuteAsync("UPDATE attendee_key SET revoked_at = @now WHERE id = @Id", new { row.Id, now = now.ToUnixTimeMilliseconds() });
        var (before, after) = (Portrait(), Portrait());
        after["revokedAt"] = Moments.Text(now);
        await trail.RecordAsync(new AuditEntry(AuditAction.Revoke, AuditKind.Key, $"{row.Id}", row.Event, before, after));
        keyRingChanges.Add(keyRing => keyRing.Remove(new KeyHash(row.Hash)));
        return true;

        JsonObject Portrait() => PortraitOf(row.Attendee, row.Hint, Moments.Of(row.ExpiresAt));
    }

    private async Task<IssuedKey> IssueAsync(EventCode code, UserId user, string name, DateTimeOffset? expires)
    {
        var attendee = await attendees.AdmitAsync(code, name);
        var issued = await InsertAsync(attendee.Id, user.Value, expires);
        await trail.RecordAsync(new AuditEntry(
            AuditAction.Issue, AuditKind.Key, $"{issued.Id}", code.Value, null, PortraitOf(attendee.Id, issued.Hint, issued.Expires)));
        return issued;
    }

    private async Task<IssuedKey> InsertAsync(long attendeeId, string user, DateTimeOffset? expires)
    {
        var key = AttendeeKey.Generate();
        var hash = KeyHash.Of(key);
        var row = new KeyRow
        {
            Hash = hash.ToByteArray(),
            Attendee = attendeeId,
            Hint = key[^HintLength..],
            IssuedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ExpiresAt = expires?.ToUnixTimeMilliseconds(),
        };
        var id = await statements.FindAsync<long>(
            """
            INSERT INTO attendee_key (hash, attendee, hint, issued_at, expires_at, revoked_at)
            VALUES (@Hash, @Attendee, @Hint, @IssuedAt, @ExpiresAt, NULL) RETURNING id
            """,
            row);
        var grant = new KeyGrant(attendeeId, Moments.Of(row.ExpiresAt));
        keyRingChanges.Add(keyRing => keyRing.Put(hash, grant));
        return new IssuedKey(id, key, attendeeId, user, row.Hint, Moments.Of(row.IssuedAt), grant.Expires);
    }

    private Task<KeyRow?> FindAsync(EventCode code, long id, Viewer viewer) => statements.FindAsync<KeyRow>(
        $"{KeyRow.Select} FROM {KeyRow.From} WHERE k.id = @id AND a.event = @Value AND {Viewer.Sees("a.event")}",
        new { id, code.Value, viewer = viewer.OrganiserName });

    private void CheckExpiry(DateTimeOffset? expires)
    {
        if (time.GetUtcNow() >= expires)
            throw new ChangeRefusedException(nameof(KeyView.Expires), $"{expires:u} is over.");
    }

    private static List<UserId> Users(IReadOnlyList<string> userIds)
    {
        if (userIds.Count is 0 or > LargestBatch)
            throw new ChangeRefusedException("Users", $"1 to {LargestBatch} users at once, not {userIds.Count}.");
        var (users, seen, errors) = (new List<UserId>(userIds.Count), new HashSet<UserId>(), new List<FieldError>());
        foreach (var (index, text) in userIds.Index())
        {
            if (!UserId.TryParse(text, out var user))
                errors.Add(new FieldError($"Users[{index}]", $"a user id has {UserId.Rule}."));
            else if (!seen.Add(user))
                errors.Add(new FieldError($"Users[{index}]", $"'{user}' is there twice."));
            users.Add(user);
        }
        return errors.Count == 0 ? users : throw new ChangeRefusedException(errors);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    private static JsonObject PortraitOf(long attendeeId, string hint, DateTimeOffset? expires) => new()
    {
        ["attendeeId"] = attendeeId,
        ["key"] = Json.Mask,
        ["hint"] = hint,
        ["expiresAt"] = Moments.Text(expires),
    };

    private KeyView View(KeyRow row) => row.View(time.GetUtcNow());

    private sealed class KeyRow
    {
        public const string Select = """
            SELECT k.id AS Id, k.hash AS Hash, k.attendee AS Attendee, k.hint AS Hint, k.issued_at AS IssuedAt, k.expires_at AS ExpiresAt,
                   k.revoked_at AS RevokedAt, a.event AS Event, a.name AS User
            """;

        public const string From = "attendee_key k JOIN attendee a ON a.id = k.attendee";

        public long Id { get; init; }

        public byte[] Hash { get; init; } = [];

        public long Attendee { get; init; }

        public string Hint { get; init; } = "";

        public long IssuedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; init; }

        public string Event { get; init; } = "";

        public string? User { get; init; }

        public KeyView View(DateTimeOffset now) => new(
            Id, Attendee, User, Hint, Moments.Of(IssuedAt), Moments.Of(ExpiresAt), Moments.Of(RevokedAt),
            Moments.StateOf(ExpiresAt, RevokedAt, now));
    }
}
