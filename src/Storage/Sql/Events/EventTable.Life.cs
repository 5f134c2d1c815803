using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>The steps in an event's life; <see cref="EventLife"/> knows which are allowed.</summary>
public sealed partial class EventTable
{
    /// <exception cref="ChangeRefusedException">There is no such event, or its life does not allow the step.</exception>
    public Task OpenAsync(EventCode code) => StepAsync(code, AuditAction.Open, life => life.Open(time.GetUtcNow()));

    /// <inheritdoc cref="OpenAsync"/>
    public Task PauseAsync(EventCode code) => StepAsync(code, AuditAction.Pause, life => life.Pause());

    /// <inheritdoc cref="OpenAsync"/>
    public Task ResumeAsync(EventCode code) => StepAsync(code, AuditAction.Resume, life => life.Resume(time.GetUtcNow()));

    /// <inheritdoc cref="OpenAsync"/>
    public Task CloseAsync(EventCode code) => StepAsync(code, AuditAction.Close, life => life.Close());

    /// <inheritdoc cref="OpenAsync"/>
    public Task ArchiveAsync(EventCode code) => StepAsync(code, AuditAction.Archive, life => life.Archive());

    /// <param name="end">Wall time in the event's zone, later than the present end and still to come.</param>
    /// <inheritdoc cref="OpenAsync"/>
    public Task ExtendToAsync(EventCode code, DateTime end) => StepAsync(code, AuditAction.Extend, life => life.ExtendTo(end, time.GetUtcNow()));

    /// <param name="by">Time that passes after the present end; more than none.</param>
    /// <inheritdoc cref="OpenAsync"/>
    public Task ExtendByAsync(EventCode code, TimeSpan by) => StepAsync(code, AuditAction.Extend, life => life.ExtendBy(by, time.GetUtcNow()));

    /// <summary>
    /// Makes a draft like another event, with the same limits: it has a secret of its own, no attendees and keys, and no
    /// shared secret, which those who know the other event's must not know.
    /// </summary>
    /// <param name="owner">As in <see cref="AddAsync"/>; null is the other event's.</param>
    /// <exception cref="ChangeRefusedException">There is no such event, or there is one with the new code already.</exception>
    public async Task CopyAsync(EventCode code, string newCode, string? name = null, DateTime? start = null, DateTime? end = null, string? owner = null)
    {
        var row = await GetRowAsync(code);
        var original = row.Definition();
        var copy = original with
        {
            Code = newCode,
            Name = name ?? original.Name,
            Start = start ?? original.Start,
            // As long as the other one, where only its beginning is said.
            End = end ?? (start is { } from ? Later(from, original.End - original.Start) : original.End),
            State = EventState.Draft,
            SharedSecret = SharedSecret.None,
        };
        var parsed = EventCheck.Code(newCode);
        if (await FindAsync(parsed) is not null)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(EventDefinition.Code), $"there is an event '{parsed}' already.");
        await PutAsync(copy, known: null, owner ?? trail.Viewer.OrganiserName ?? row.Owner, AuditAction.Copy);
        foreach (var limit in await LimitTable.ListAsync(statements, code.Value))
            await LimitTable.InsertAsync(statements, trail, parsed.Value, limit);
    }

    // Past the end of all time it is that: what checks the copy says which years there are.
    private static DateTime Later(DateTime from, TimeSpan by) => by > DateTime.MaxValue - from ? DateTime.MaxValue : from + by;

    /// <summary>Gives the event a shared secret, or another one; the old one does not work any more.</summary>
    /// <param name="text">Null makes one up: 16 letters and digits that are hard to confuse.</param>
    /// <returns>The secret. Only its hash is stored: nobody can ask for it again.</returns>
    /// <exception cref="ChangeRefusedException">There is no such event, or the text will not do.</exception>
    public async Task<string> SetSharedSecretAsync(EventCode code, string? text = null)
    {
        var row = await GetRowAsync(code);
        var secret = text ?? SharedSecret.Generate();
        await PutAsync(row.Definition() with { SharedSecret = SharedSecret.New(secret) }, row, row.Owner, AuditAction.Change);
        return secret;
    }

    /// <exception cref="ChangeRefusedException">There is no such event, or people come in with the secret.</exception>
    public async Task RemoveSharedSecretAsync(EventCode code)
    {
        var row = await GetRowAsync(code);
        await PutAsync(row.Definition() with { SharedSecret = SharedSecret.None }, row, row.Owner, AuditAction.Change);
    }

    private async Task StepAsync(EventCode code, AuditAction action, Func<EventLife, EventStep> step)
    {
        var row = await GetRowAsync(code);
        var definition = row.Definition();
        var next = Allowed(
            step(new EventLife(definition.State, EventCheck.Window(definition))), action == AuditAction.Extend ? nameof(definition.End) : nameof(definition.State));
        await PutAsync(definition with { State = next.State, End = next.Window.End }, row, row.Owner, action);
    }

    /// <summary>Refuses a state that no step of an event's life leads to.</summary>
    /// <param name="next">Its window is the one that counts: an event may be given more time and be opened at once.</param>
    /// <exception cref="ChangeRefusedException">An organiser could not make that step.</exception>
    internal void CheckStep(EventState from, EventDefinition next)
    {
        if (from == next.State)
            return;
        if (next.State == EventState.Draft)
            throw new ChangeRefusedException(WhyRefused.WrongState, nameof(next.State), "It is no draft any more: copy it into a new event.");
        var life = new EventLife(from, EventCheck.Window(next));
        Allowed(
            next.State switch
            {
                EventState.Paused => life.Pause(),
                EventState.Closed => life.Close(),
                EventState.Archived => life.Archive(),
                _ => life.Open(time.GetUtcNow()),
            },
            nameof(next.State));
    }

    private static EventLife Allowed(EventStep step, string field) => step.IsAllowed
        ? step.Next
        : throw new ChangeRefusedException(WhyRefused.WrongState, field, $"{char.ToUpperInvariant(step.Refusal[0])}{step.Refusal[1..]}");
}
