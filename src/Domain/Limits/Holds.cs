using System.Runtime.InteropServices;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Domain.Limits;

/// <summary>Turns an event's limits and a request into what the request asks of each account.</summary>
public static class Holds
{
    // What is only looked at needs no price.
    private static readonly Price Free = new(0, 0, 0, 0, DateOnly.MinValue, "");

    /// <param name="eventCode">The event's code, as accounts have it.</param>
    /// <param name="window">Whose time zone the calendar follows.</param>
    /// <param name="limits">All limits of the event; those on other models are passed over.</param>
    /// <param name="raised">
    /// The caps that were raised for this attendee, by the limit's id. Only personal limits can be raised, and the larger cap counts,
    /// so that a limit which is made wider later leaves nobody behind.
    /// </param>
    /// <returns>One hold for each account, in the order of the limits; where limits share an account, the one with the smallest cap.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The claim is outside of its ranges.</exception>
    public static HoldList For(string eventCode, EventWindow window, IReadOnlyList<Limit> limits, IReadOnlyDictionary<long, long> raised, Claim claim)
    {
        Check(claim);
        var holds = new Hold[limits.Count];
        var count = 0;
        var calendar = new Calendar(claim.At, window);
        // By place: every request comes by here, and an enumerator would be one object more.
        for (var i = 0; i < limits.Count; i++)
        {
            var limit = limits[i];
            if (limit.Model is { } model && model != claim.Model)
                continue;
            if (limit.Unit == LimitUnit.Money && claim.Price is null)
                return new HoldList([], limit);
            Add(holds, ref count, HoldOf(limit, eventCode, CapOf(limit, raised), claim, ref calendar));
        }
        return new HoldList(ImmutableCollectionsMarshal.AsImmutableArray(count == holds.Length ? holds : holds[..count]), null);
    }

    /// <summary>Every account that a request of an attendee can run into at a moment, on whichever of the event's models; it asks for nothing but a request.</summary>
    /// <param name="raised">As for a request.</param>
    /// <returns>In the order of the limits; a limit on each model for itself has an account for each.</returns>
    public static IReadOnlyList<Hold> Of(Event @event, long attendee, IReadOnlyDictionary<long, long> raised, DateTimeOffset at) =>
    [
        .. @event.Models.Offers
            .SelectMany(o => For(@event.Code.Value, @event.Window, @event.Limits, raised, new Claim(attendee, o.Model.Name, at, 0, 1, o.Model.Price ?? Free)).Holds)
            .DistinctBy(h => h.Account)
            .OrderBy(h => h.Limit.Id),
    ];

    // An attendee 0 or a model without a name would be everybody's account.
    private static void Check(Claim claim)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(claim.Attendee, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(claim.Model.Length, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(claim.Input);
        ArgumentOutOfRangeException.ThrowIfLessThan(claim.Choices, 1);
    }

    private static long CapOf(Limit limit, IReadOnlyDictionary<long, long> raised)
    {
        var own = limit.IsPersonal && raised.TryGetValue(limit.Id, out var higher) ? Math.Max(limit.Cap, higher) : limit.Cap;
        return Math.Min(own, Limit.MaxCap);
    }

    private static Hold HoldOf(Limit limit, string eventCode, long cap, Claim claim, ref Calendar calendar)
    {
        // Requests in flight have no window, whatever the limit says.
        var kind = limit.Unit == LimitUnit.InFlight ? LimitWindow.Event : limit.Window;
        var bounds = calendar[kind];
        var isOfModel = limit.Model is not null || limit.Scope is LimitScope.Model or LimitScope.AttendeeModel;
        var account = new AccountKey(eventCode, limit.IsPersonal ? claim.Attendee : 0, isOfModel ? claim.Model : "", limit.Unit, kind, bounds.Start);
        var (fixedPart, perToken) = PartsOf(limit.Unit, claim);
        return new Hold(account, limit, cap, fixedPart, perToken, limit.Unit == LimitUnit.Money ? Cost.Scale : 1, bounds.End);
    }

    private static (long Fixed, long PerToken) PartsOf(LimitUnit unit, Claim claim) => unit switch
    {
        LimitUnit.Requests or LimitUnit.InFlight => (1, 0),
        LimitUnit.InputTokens => (claim.Input, 0),
        LimitUnit.OutputTokens => (0, claim.Choices),
        LimitUnit.TotalTokens => (claim.Input, claim.Choices),
        LimitUnit.Money when claim.Price is { } price => (Cost.OfInputAtMost(claim.Input, price), Cost.OfOutputToken(claim.Choices, price)),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    // Limits are few: looking through the list costs less than a table.
    private static void Add(Hold[] holds, ref int count, in Hold hold)
    {
        for (var i = 0; i < count; i++)
        {
            ref var known = ref holds[i];
            if (known.Account != hold.Account)
                continue;
            if (hold.Cap < known.Cap)
                known = hold;
            return;
        }
        holds[count++] = hold;
    }

    /// <summary>The windows of one moment, each worked out once however many limits have it.</summary>
    private struct Calendar(DateTimeOffset at, EventWindow window)
    {
        private WindowBounds? minute;
        private WindowBounds? hour;
        private WindowBounds? day;

        public WindowBounds this[LimitWindow kind] => kind switch
        {
            LimitWindow.Minute => minute ??= WindowBounds.Of(kind, at, window),
            LimitWindow.Hour => hour ??= WindowBounds.Of(kind, at, window),
            LimitWindow.Day => day ??= WindowBounds.Of(kind, at, window),
            _ => WindowBounds.Of(kind, at, window),
        };
    }
}
