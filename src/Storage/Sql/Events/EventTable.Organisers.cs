using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>Whose event it is. Only its owner and administrators change that.</summary>
public sealed partial class EventTable
{
    /// <param name="owner">Null is nobody but administrators.</param>
    /// <exception cref="ChangeRefusedException">There is no such event, it is somebody else's, or this is no organiser's name.</exception>
    public async Task SetOwnerAsync(EventCode code, string? owner)
    {
        var row = await GetOwnedAsync(code);
        CheckOrganiser(owner, isOptional: true);
        if (row.Owner == owner)
            return;
        await RecordOrganisersAsync(row, owner, row.CoOrganisers);
        await statements.ExecuteAsync("UPDATE event SET owner = @owner WHERE code = @Value", new { code.Value, owner });
        await TouchAsync(code);
    }

    /// <summary>Lets another organiser run the event too; does nothing where they do already.</summary>
    /// <inheritdoc cref="SetOwnerAsync"/>
    public async Task AddOrganiserAsync(EventCode code, string organiser)
    {
        var row = await GetOwnedAsync(code);
        CheckOrganiser(organiser, isOptional: false);
        if (row.CoOrganisers.Contains(organiser) || row.Owner == organiser)
            return;
        await RecordOrganisersAsync(row, row.Owner, [.. row.CoOrganisers, organiser]);
        await statements.ExecuteAsync("INSERT INTO event_organiser (event, organiser) VALUES (@Value, @organiser)", new { code.Value, organiser });
        await TouchAsync(code);
    }

    /// <returns>Whether they were a co-organiser.</returns>
    /// <inheritdoc cref="SetOwnerAsync"/>
    public async Task<bool> RemoveOrganiserAsync(EventCode code, string organiser)
    {
        var row = await GetOwnedAsync(code);
        if (!row.CoOrganisers.Contains(organiser))
            return false;
        await RecordOrganisersAsync(row, row.Owner, [.. row.CoOrganisers.Where(o => o != organiser)]);
        await statements.ExecuteAsync("DELETE FROM event_organiser WHERE event = @Value AND organiser = @organiser", new { code.Value, organiser });
        await TouchAsync(code);
        return true;
    }

    private async Task<EventRow> GetOwnedAsync(EventCode code)
    {
        var row = await GetRowAsync(code);
        if (trail.Viewer.OrganiserName is { } organiser && row.Owner != organiser)
            throw new ChangeRefusedException(WhyRefused.Forbidden, "Owner", "only the event's owner and administrators say who organises it.");
        return row;
    }

    private void CheckOwner(string? owner)
    {
        CheckOrganiser(owner, isOptional: true);
        if (trail.Viewer.OrganiserName is { } organiser && owner != organiser)
            throw new ChangeRefusedException(WhyRefused.Forbidden, "Owner", "an organiser makes events of their own only.");
    }

    private static void CheckOrganiser(string? name, bool isOptional)
    {
        if (!(isOptional && name is null) && !Names.IsName(name))
            throw new ChangeRefusedException("Owner", $"an organiser's name has {Names.Rule()}.");
    }

    private Task RecordOrganisersAsync(EventRow row, string? owner, IReadOnlyList<string> coOrganisers)
    {
        var (before, after) = (PortraitOf(row), PortraitOf(row));
        after["owner"] = owner;
        after["coOrganisers"] = Portrait.List(coOrganisers.Order(StringComparer.Ordinal));
        return trail.RecordAsync(new AuditEntry(AuditAction.Change, AuditKind.Event, row.Code, row.Code, before, after));
    }

    /// <summary>Counts a change of something that belongs to the event and has no version of its own.</summary>
    /// <exception cref="ChangeRefusedException">There is no such event.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    internal async Task TouchAsync(EventCode code, long? expectedVersion)
    {
        // Not the whole row: a document adds limits to events that it has only just written.
        var known = await statements.FindAsync<long?>(
            $"SELECT version FROM event WHERE code = @Value AND {Viewer.Sees("code")}", new { code.Value, viewer = trail.Viewer.OrganiserName });
        if (known is null)
            throw Missing(code);
        ChangeConflictException.ThrowIfDifferent("event", code.Value, expectedVersion, known);
        await TouchAsync(code);
    }

    private async Task TouchAsync(EventCode code)
    {
        await statements.ExecuteAsync(
            "UPDATE event SET version = version + 1, changed_at = @now WHERE code = @Value", new { code.Value, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        rowsByCode.Remove(code.Value);
    }
}
