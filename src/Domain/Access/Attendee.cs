using System.Collections.Frozen;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Access;

/// <summary>Who takes part in an event. Immutable: blocking one makes a new one.</summary>
/// <param name="Id">The number by which storage knows them.</param>
/// <param name="Name">The user id, or its hash where the event hides user ids.</param>
/// <param name="IsBlocked">Whether an organiser has shut them out.</param>
public sealed record Attendee(long Id, EventCode Event, string Name, bool IsBlocked)
{
    /// <summary>The caps that an organiser raised for them, by the limit's id.</summary>
    public IReadOnlyDictionary<long, long> RaisedCaps { get; init; } = FrozenDictionary<long, long>.Empty;
}
