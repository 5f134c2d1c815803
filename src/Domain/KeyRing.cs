using System.Collections.Concurrent;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain;

/// <summary>
/// Keys by their hash and attendees by name: too many to replace whole, so each entry is changed by itself. Thread-safe.
/// </summary>
public sealed class KeyRing
{
    private readonly ConcurrentDictionary<KeyHash, KeyGrant> grants = new();
    private readonly ConcurrentDictionary<long, Attendee> attendees = new();
    private readonly ConcurrentDictionary<(string Event, string Name), long> attendeeIds = new();
    private int together;
    private int isTighter;

    /// <summary>
    /// Raised after somebody may have lost what they had: a key is gone or ends earlier, an attendee is blocked or gone. By whoever
    /// did it, once for all that was changed <see cref="Together"/>: listeners must be quick and must not throw.
    /// </summary>
    public event Action? Tightened;

    /// <summary>Makes several changes as one: whoever listens looks once, after the last, and not for each of a thousand keys.</summary>
    public void Together(IEnumerable<Action<KeyRing>> changes)
    {
        Interlocked.Increment(ref together);
        try
        {
            foreach (var change in changes)
                change(this);
        }
        finally
        {
            if (Interlocked.Decrement(ref together) == 0)
                Announce();
        }
    }

    public Attendee? FindAttendee(EventCode @event, string name) =>
        attendeeIds.TryGetValue((@event.Value, name), out var id) ? attendees.GetValueOrDefault(id) : null;

    /// <returns>The key's owner, or null where there is no such key or it has expired.</returns>
    public Attendee? FindOwner(KeyHash key, DateTimeOffset now) =>
        grants.TryGetValue(key, out var grant) && !(now >= grant.Expires) ? attendees.GetValueOrDefault(grant.AttendeeId) : null;

    public void Put(Attendee attendee)
    {
        attendees[attendee.Id] = attendee;
        attendeeIds[(attendee.Event.Value, attendee.Name)] = attendee.Id;
        if (attendee.IsBlocked)
            Tighten();
    }

    public void Put(KeyHash key, KeyGrant grant)
    {
        if (grants.TryAdd(key, grant))
            return;
        grants[key] = grant;
        Tighten();
    }

    public void Remove(KeyHash key)
    {
        grants.TryRemove(key, out _);
        Tighten();
    }

    /// <summary>Forgets somebody: none of their keys has an owner any more, and their name is free for somebody new.</summary>
    public void Remove(Attendee attendee)
    {
        attendees.TryRemove(attendee.Id, out _);
        // Only as long as the name is theirs: somebody new may have it already.
        attendeeIds.TryRemove(new((attendee.Event.Value, attendee.Name), attendee.Id));
        Tighten();
    }

    // Written before it is looked who announces: of two that do this at once, one sees the other.
    private void Tighten()
    {
        Interlocked.Exchange(ref isTighter, 1);
        if (Volatile.Read(ref together) == 0)
            Announce();
    }

    private void Announce()
    {
        if (Interlocked.Exchange(ref isTighter, 0) == 1)
            Tightened?.Invoke();
    }
}
