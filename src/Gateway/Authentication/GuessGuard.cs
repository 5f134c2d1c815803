using System.Net;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>
/// Slows guessing of event codes and shared secrets. Wrong credentials use up a bucket for their address and one for the
/// event they name; while one is empty, codes are refused unread, so that guessing on gives nothing away. Attendees go on at the address that they
/// were last let in from: a room behind one address is not locked out by one who guesses.
/// </summary>
internal sealed class GuessGuard(GuessLimits limits, TimeProvider time)
{
    // As GuessLimits.Refill says.
    private const int EventRefills = 10;

    // About 200 bytes each, names included: 20 MB at the most. Only who knew the event's code, and its secret where it has one, gets in here.
    private const int MostRemembered = 100_000;

    private readonly Buckets<Network> addresses = new(limits.PerAddress, limits.Refill, time);
    private readonly Buckets<EventCode> events = new(limits.PerEvent, limits.Refill / EventRefills, time);
    private readonly Recent<(EventCode, string), Network> lastLetIn = new(MostRemembered);
    private readonly Lock gate = new();

    /// <returns>The refusal for a credential that must not be looked at now, or null.</returns>
    public Refusal? MustWait(IPAddress address, EventCode? named) =>
        addresses.IsEmpty(Network.Of(address)) || (named is { } code && events.IsEmpty(code)) ? Refuse.TooManyWrongCredentials(limits.Refill) : null;

    /// <summary>Whether somebody was last let in from that address, so that they need not wait there for the guesses of others.</summary>
    public bool WasLetIn(EventCode @event, string name, IPAddress address)
    {
        lock (gate)
            return lastLetIn.TryGet((@event, name), out var last) && last == Network.Of(address);
    }

    /// <summary>Remembers that somebody knew the event's code and secret.</summary>
    public void LetIn(EventCode @event, string name, IPAddress address)
    {
        lock (gate)
            lastLetIn.Put((@event, name), Network.Of(address));
    }

    /// <summary>Counts a wrong credential.</summary>
    /// <param name="named">The event that it was tried on, which there is: names that are made up use up nothing but the address's bucket.</param>
    /// <returns>What to say instead of what was wrong, where too many came already.</returns>
    public Refusal? Wrong(IPAddress address, EventCode? named)
    {
        var wait = MustWait(address, named);
        addresses.Take(Network.Of(address));
        if (named is { } code)
            events.Take(code);
        return wait;
    }
}
