using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Access;

/// <summary>Who a request turned out to be: an attendee of an event, or the owner of a resource they bring themselves.</summary>
public abstract record Caller
{
    private Caller()
    {
    }

    /// <param name="AttendeeName">Under which name the event knows them.</param>
    /// <param name="Attendee">Null on first use by code or token: they become an attendee when the request is admitted, not before.</param>
    /// <param name="Key">The key they showed; null where they came by code or token.</param>
    /// <param name="StillAdmits">Whether an event would still take the token they showed; null where they came by code or key.</param>
    public sealed record OfEvent(Event Event, string AttendeeName, Attendee? Attendee, KeyHash? Key = null, Func<Event, bool>? StillAdmits = null) : Caller;

    public sealed record OfOwnResource(OwnResource Resource) : Caller;
}
