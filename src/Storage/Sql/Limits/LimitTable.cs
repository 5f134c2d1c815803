using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Sql.Limits;

/// <summary>How much an event's attendees may use. What is used stays, whatever becomes of a limit.</summary>
public sealed class LimitTable
{
    private readonly Statements statements;
    private readonly EventTable events;
    private readonly AttendeeTable attendees;
    private readonly AuditTrail trail;

    internal LimitTable(Statements statements, EventTable events, AttendeeTable attendees, AuditTrail trail)
    {
        this.statements = statements;
        this.events = events;
        this.attendees = attendees;
        this.trail = trail;
    }

    /// <returns>In the order in which they were added.</returns>
    public Task<IReadOnlyList<Limit>> ListAsync(EventCode code) => ListAsync(statements, code.Value);

    /// <param name="limit">Its id is not looked at.</param>
    /// <returns>The limit's id.</returns>
    /// <exception cref="ChangeRefusedException">There is no such event, the limit makes no sense, or there is one like it already.</exception>
    public async Task<long> AddAsync(EventCode code, Limit limit)
    {
        await events.TouchAsync(code, expectedVersion: null);
        Check(limit);
        await CheckModelAsync(limit);
        if ((await ListAsync(code)).FirstOrDefault(l => IsLike(l, limit)) is { } same)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(Limit.Scope), $"there is a limit like it already ({same.Id}): change its cap.");
        return await InsertAsync(statements, trail, code.Value, limit);
    }

    /// <param name="cap">From 0 to <see cref="Limit.MaxCap"/>, in the limit's unit. It may be below what is used: nothing more is let in then.</param>
    /// <param name="expectedVersion">Of the event, as it was read; null is any.</param>
    /// <returns>Whether there is such a limit in that event.</returns>
    /// <exception cref="ChangeRefusedException">The actor does not see the event, or the cap makes no sense.</exception>
    /// <exception cref="ChangeConflictException">The event has another version.</exception>
    public async Task<bool> SetCapAsync(EventCode code, long id, long cap, long? expectedVersion = null)
    {
        if (await FindAsync(code, id) is not { } known)
            return false;
        CheckCap(cap);
        if (known.Cap == cap)
            return true;
        await events.TouchAsync(code, expectedVersion);
        await statements.ExecuteAsync("UPDATE event_limit SET cap = @cap WHERE id = @id", new { id, cap });
        await trail.RecordAsync(new AuditEntry(
            AuditAction.Change, AuditKind.Limit, $"{id}", code.Value, PortraitOf(known), PortraitOf(known with { Cap = cap })));
        return true;
    }

    /// <param name="expectedVersion">Of the event, as it was read; null is any.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ChangeRefusedException">The actor does not see the event.</exception>
    /// <exception cref="ChangeConflictException">The event has another version.</exception>
    public async Task<bool> DeleteAsync(EventCode code, long id, long? expectedVersion = null)
    {
        if (await FindAsync(code, id) is not { } known)
            return false;
        await events.TouchAsync(code, expectedVersion);
        await RecordDeletionAsync(trail, code.Value, known);
        var raised = await statements.QueryAsync<long>("DELETE FROM attendee_cap WHERE \"limit\" = @id RETURNING attendee", new { id });
        await statements.ExecuteAsync("DELETE FROM event_limit WHERE id = @id", new { id });
        foreach (var attendee in raised)
            await attendees.RefreshAsync(attendee);
        return true;
    }

    /// <summary>Gives one attendee more than everybody has; null takes it back.</summary>
    /// <param name="cap">Counts where it is above the limit's own.</param>
    /// <returns>Whether there is such an attendee.</returns>
    /// <exception cref="ChangeRefusedException">There is no such limit in their event, it is not for each attendee, or the cap makes no sense.</exception>
    public async Task<bool> RaiseAsync(long attendee, long limit, long? cap)
    {
        if (await attendees.GetAsync(attendee) is not { } known)
            return false;
        if (await FindAsync(known.Event, limit) is not { IsPersonal: true })
            throw new ChangeRefusedException(WhyRefused.Missing, nameof(Limit), $"event '{known.Event}' has no limit {limit} for each attendee.");
        var before = known.RaisedCaps.TryGetValue(limit, out var had) ? had : (long?)null;
        if (before == cap)
            return true;
        if (cap is { } raised)
            CheckCap(raised);
        await WriteCapAsync(attendee, limit, cap);
        await trail.RecordAsync(new AuditEntry(
            AuditAction.Change, AuditKind.Attendee, $"{attendee}", known.Event.Value, PortraitOf(limit, before), PortraitOf(limit, cap)));
        await attendees.RefreshAsync(attendee);
        return true;
    }

    /// <summary>Writes a limit that is known to make sense.</summary>
    /// <returns>Its id.</returns>
    internal static async Task<long> InsertAsync(Statements statements, AuditTrail trail, string code, Limit limit)
    {
        var id = await statements.FindAsync<long>(
            "INSERT INTO event_limit (event, scope, unit, window, cap, model) VALUES (@code, @scope, @unit, @window, @Cap, @Model) RETURNING id",
            new { code, scope = (int)limit.Scope, unit = (int)limit.Unit, window = (int)limit.Window, limit.Cap, limit.Model });
        await trail.RecordAsync(new AuditEntry(AuditAction.Create, AuditKind.Limit, $"{id}", code, null, PortraitOf(limit)));
        return id;
    }

    /// <summary>Writes down that an event's limits go, while the event is there.</summary>
    internal static async Task RecordDeletionAsync(Statements statements, AuditTrail trail, string code)
    {
        foreach (var limit in await ListAsync(statements, code))
            await RecordDeletionAsync(trail, code, limit);
    }

    internal static Task<IReadOnlyList<LimitRow>> RowsAsync(Statements statements) =>
        statements.QueryAsync<LimitRow>($"{LimitRow.Select} ORDER BY event, id");

    internal static async Task<IReadOnlyList<Limit>> ListAsync(Statements statements, string code) =>
        [.. (await statements.QueryAsync<LimitRow>($"{LimitRow.Select} WHERE event = @code ORDER BY id", new { code })).Select(r => r.Limit())];

    private static Task RecordDeletionAsync(AuditTrail trail, string code, Limit limit) =>
        trail.RecordAsync(new AuditEntry(AuditAction.Delete, AuditKind.Limit, $"{limit.Id}", code, PortraitOf(limit), null));

    private Task<int> WriteCapAsync(long attendee, long limit, long? cap) => cap is null
        ? statements.ExecuteAsync("DELETE FROM attendee_cap WHERE attendee = @attendee AND \"limit\" = @limit", new { attendee, limit })
        : statements.ExecuteAsync(
            """
            INSERT INTO attendee_cap (attendee, "limit", cap) VALUES (@attendee, @limit, @cap)
            ON CONFLICT (attendee, "limit") DO UPDATE SET cap = excluded.cap
            """,
            new { attendee, limit, cap });

    private async Task<Limit?> FindAsync(EventCode code, long id) => (await ListAsync(code)).FirstOrDefault(l => l.Id == id);

    // Two of them would have one account, and the larger cap would never count.
    private static bool IsLike(Limit one, Limit other) =>
        (one.Scope, one.Unit, one.Window) == (other.Scope, other.Unit, other.Window)
        && string.Equals(one.Model, other.Model, StringComparison.OrdinalIgnoreCase);

    private static void Check(Limit limit)
    {
        var errors = new List<FieldError>();
        if (!Enum.IsDefined(limit.Scope))
            errors.Add(new FieldError(nameof(limit.Scope), $"this version knows no scope {(int)limit.Scope}."));
        if (!Enum.IsDefined(limit.Unit))
            errors.Add(new FieldError(nameof(limit.Unit), $"this version knows no unit {(int)limit.Unit}."));
        if (!Enum.IsDefined(limit.Window))
            errors.Add(new FieldError(nameof(limit.Window), $"this version knows no window {(int)limit.Window}."));
        if (limit.Unit == LimitUnit.InFlight && limit.Window != LimitWindow.Event)
            errors.Add(new FieldError(nameof(limit.Window), "requests in flight have no window: say the whole event."));
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
        CheckCap(limit.Cap);
    }

    private static void CheckCap(long cap)
    {
        if (cap is < 0 or > Limit.MaxCap)
            throw new ChangeRefusedException(nameof(Limit.Cap), $"0 to {Limit.MaxCap}.");
    }

    private async Task CheckModelAsync(Limit limit)
    {
        if (limit.Model is { } model && await statements.FindAsync<string>("SELECT name FROM model WHERE name = @model", new { model }) is null)
            throw new ChangeRefusedException(nameof(limit.Model), $"there is no model '{model}'.");
    }

    private static JsonObject PortraitOf(Limit limit) => new()
    {
        ["scope"] = AuditTrail.Word(limit.Scope),
        ["unit"] = AuditTrail.Word(limit.Unit),
        ["window"] = AuditTrail.Word(limit.Window),
        ["cap"] = limit.Cap,
        ["model"] = limit.Model,
    };

    private static JsonObject PortraitOf(long limit, long? cap) => new() { ["raisedCap"] = new JsonObject { [$"{limit}"] = cap } };
}
