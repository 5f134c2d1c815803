using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Makes demands as the gateway does: of an event's limits and what a request asks for.</summary>
internal static class Asking
{
    public static readonly DateTimeOffset Noon = new(2030, 5, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A micro-dollar for an input token, two for an output token.</summary>
    public static readonly Price Price = new(1_000_000, 500_000, 2_000_000, 0, new DateOnly(2030, 1, 1), "a test");

    public static EventWindow Window(string zone = "UTC") => new(
        new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
        new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
        TimeZoneInfo.FindSystemTimeZoneById(zone));

    public static Demand Demand(
        IReadOnlyList<Limit> limits,
        DateTimeOffset? at = null,
        long attendee = 1,
        string model = "gpt-4o",
        long input = 10,
        long wanted = 100,
        long least = 1,
        long choices = 1,
        string @event = "hackathon",
        EventWindow? window = null)
    {
        var moment = at ?? Noon;
        var calendar = window ?? Window();
        return new Demand
        {
            Event = @event,
            Attendee = attendee,
            Model = model,
            Operation = Operation.ChatCompletions,
            Request = Guid.NewGuid(),
            At = moment,
            Hour = WindowBounds.Of(LimitWindow.Hour, moment, calendar).Start,
            Holds = Holds.For(@event, calendar, limits, new Dictionary<long, long>(), new Claim(attendee, model, moment, input, choices, Price)).Holds,
            Input = input,
            Choices = choices,
            Wanted = wanted,
            Least = least,
            Price = Price,
        };
    }

    public static Limit Limit(LimitUnit unit, long cap, LimitScope scope = LimitScope.Attendee, LimitWindow window = LimitWindow.Day, string? model = null) =>
        new(1, scope, unit, window, cap, model);

    public static Settlement Used(Demand demand, long input, long output, Exactness exactness = Exactness.Exact, Outcome outcome = Outcome.Complete)
    {
        var usage = new Usage(input, 0, output, 0);
        return new Settlement(usage, Cost.Of(usage, demand.Price), exactness, outcome, demand.At);
    }

    public static async Task<Reservation> ReserveAsync(this ILedger ledger, Demand demand)
    {
        var result = await ledger.ReserveAsync(demand, CancellationToken.None);
        return result.Reservation.ShouldNotBeNull();
    }

    public static async Task<Shortfall> RefusedAsync(this ILedger ledger, Demand demand)
    {
        var result = await ledger.ReserveAsync(demand, CancellationToken.None);
        return result.Shortfall.ShouldNotBeNull();
    }

    /// <summary>Reserves and settles at once.</summary>
    public static async Task<Reservation> UseAsync(this ILedger ledger, Demand demand, long input, long output)
    {
        var reservation = await ledger.ReserveAsync(demand);
        await ledger.SettleAsync(reservation, Used(demand, input, output));
        return reservation;
    }
}
