using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>
/// Cuts off requests on their way. Those of events that want it are watched: looked at again whenever somebody may have lost what they had, and
/// each second, because events, keys and tokens end by themselves. All others finish, but not later than a server that stops waits for them.
/// </summary>
internal sealed class InFlight : IDisposable
{
    // What is taken from somebody is gone everywhere within that time.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<WatchedFlight, byte> flights = new();

    // One for all: to be in a list of their own, requests would have to pay.
    private readonly Flight unwatched = new();
    private readonly LiveSnapshot live;
    private readonly KeyRing keys;
    private readonly GatewayOptions options;
    private readonly TimeProvider time;
    private readonly CancellationTokenRegistration stopping;
    private ITimer? drain;

    // Guards what follows: the timer beats only while there is somebody to look at.
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private bool isBeating;

    public InFlight(LiveSnapshot live, KeyRing keys, GatewayOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        (this.live, this.keys, this.options, this.time) = (live, keys, options, time);
        live.Replaced += LookAgain;
        keys.Tightened += LookAgain;
        timer = time.CreateTimer(static watch => ((InFlight)watch!).LookInTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        stopping = lifetime.ApplicationStopping.UnsafeRegister(static watch => ((InFlight)watch!).Drain(), this);
    }

    /// <returns>What may cut it off: a flight of its own only where its event wants that.</returns>
    public Flight Watch(Caller caller, Admitted admitted)
    {
        if (caller is not Caller.OfEvent { Event.CutsInFlight: true } attendee)
            return unwatched;
        var flight = new WatchedFlight(this, attendee, admitted);
        flights.TryAdd(flight, 0);
        Wake();
        // What changed between its admission and now was looked at without it.
        LookAt(flight);
        return flight;
    }

    public void Forget(WatchedFlight flight) => flights.TryRemove(flight, out _);

    public void Dispose()
    {
        live.Replaced -= LookAgain;
        keys.Tightened -= LookAgain;
        stopping.Dispose();
        drain?.Dispose();
        timer.Dispose();
    }

    private void Drain() =>
        drain = time.CreateTimer(static watch => ((InFlight)watch!).CutAll(), this, options.DrainTimeout, Timeout.InfiniteTimeSpan);

    private void CutAll()
    {
        unwatched.Cut(Refuse.ServerStopping());
        LookAgain();
    }

    private void Wake()
    {
        lock (gate)
        {
            if (isBeating)
                return;
            isBeating = true;
            timer.Change(Beat, Beat);
        }
    }

    private void LookInTime()
    {
        LookAgain();
        lock (gate)
        {
            // A flight that comes now finds it stopped, and wakes it.
            if (!flights.IsEmpty)
                return;
            isBeating = false;
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAgain()
    {
        foreach (var (flight, _) in flights)
            LookAt(flight);
    }

    private void LookAt(WatchedFlight flight)
    {
        if (RefusalFor(flight) is { } refusal)
            flight.Cut(refusal);
    }

    private Refusal? RefusalFor(WatchedFlight flight)
    {
        if (unwatched.Reason is { } stopping)
            return stopping;
        var now = time.GetUtcNow();
        if (live.Current.FindEvent(flight.Caller.Event.Code) is not { } current)
            return Refuse.UnknownEventCode();
        if (current.StandingAt(now) is var standing && standing != Standing.Open)
            return Refuse.NotOpen(current, standing);
        if (flight.Caller.Key is { } key && keys.FindOwner(key, now) is null)
            return Refuse.UnknownKey();
        if (flight.Caller.StillAdmits is { } admits && !admits(current))
            return Refuse.TokenNoLongerTaken();
        if (keys.FindAttendee(current.Code, flight.Caller.AttendeeName) is not { IsBlocked: false })
            return Refuse.Blocked();
        return current.Models.Find(flight.Admitted.Offer.Model.Name) is null ? Refuse.UnknownModel(string.Join(", ", current.Models.Offers.Select(o => o.Model.Name))) : null;
    }
}
