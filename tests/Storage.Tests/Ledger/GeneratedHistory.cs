using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>One event's life, generated from a seed, and its own simple account of it: a list of requests that it adds up each time.</summary>
internal sealed class GeneratedHistory(int seed, DateTimeOffset start)
{
    private static readonly string[] Zones = ["UTC", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"];
    private static readonly string[] Models = ["small", "large"];

    private readonly Random random = new(seed);
    private readonly EventWindow window = Asking.Window(Zones[seed % Zones.Length]);
    private readonly List<Limit> limits = [];
    private readonly List<Made> made = [];
    private DateTimeOffset now = start;

    public string Event { get; } = $"event-{seed}";

    public IReadOnlyList<Made> Requests => made;

    public string Zone => window.TimeZone.Id;

    /// <summary>Nothing happens until then.</summary>
    public void Rest(DateTimeOffset until) => now = until > now ? until : now;

    public async Task GoOnAsync(ILedger ledger)
    {
        for (var step = 0; step < 8; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(3_000) : random.Next(20));
            if (random.Next(3) == 0 || limits.Count == 0)
                ChangeLimits();
            await ReserveAsync(ledger, random.Next(1, 4));
            foreach (var request in made.Where(m => m.Settlement is null && random.Next(2) == 0).ToList())
                await SettleAsync(ledger, request);
        }
    }

    /// <summary>What the next start makes of requests that are on their way.</summary>
    public void Die()
    {
        foreach (var request in made.Where(m => m.Settlement is null))
            (request.Settlement, request.IsMarked) = (WholeOf(request.Reservation), true);
    }

    /// <summary>Settlements that come after the mark; each once, and some twice.</summary>
    public async Task ComeLateAsync(ILedger ledger)
    {
        foreach (var request in made.Where(m => m.IsMarked && random.Next(2) == 0).ToList())
        {
            var settlement = SettlementOf(request);
            await ledger.SettleAsync(request.Reservation, settlement);
            await ledger.SettleAsync(request.Reservation, SettlementOf(request));
            (request.Settlement, request.IsMarked) = (settlement, false);
        }
    }

    /// <summary>What stands in an account, added up anew.</summary>
    public Balance BalanceOf(Hold hold)
    {
        long used = 0, reserved = 0;
        foreach (var request in made.Where(m => IsIn(hold, m.Reservation.Demand)))
            if (request.Settlement is { } settlement)
                used += settlement.AmountOf(hold.Account.Unit);
            else
                reserved += AmountOf(request.Reservation, hold.Account.Unit);
        return new Balance(used, reserved);
    }

    private void ChangeLimits()
    {
        if (limits.Count > 0 && random.Next(3) == 0)
            limits.RemoveAt(random.Next(limits.Count));
        var unit = (LimitUnit)random.Next(6);
        var cap = unit is LimitUnit.Requests or LimitUnit.InFlight ? random.Next(1, 12) : random.Next(50, 1_500);
        limits.Add(new Limit(
            made.Count, (LimitScope)random.Next(4), unit, (LimitWindow)random.Next(4), cap, random.Next(4) == 0 ? Models[random.Next(2)] : null));
    }

    private async Task ReserveAsync(ILedger ledger, int atOnce)
    {
        var demands = Enumerable.Range(0, atOnce).Select(_ => Asking.Demand(
            limits, now, random.Next(1, 4), Models[random.Next(2)], random.Next(100), random.Next(20, 200), random.Next(1, 20), random.Next(1, 3), Event, window)).ToList();
        var results = await Task.WhenAll(demands.Select(d => ledger.ReserveAsync(d, CancellationToken.None).AsTask()));
        // They were decided one after another, in the order in which they were asked.
        foreach (var (demand, result) in demands.Zip(results))
        {
            var expected = Decision.Largest(demand.Holds.AsSpan(), demand.Holds.Select(BalanceOf).ToArray(), demand.Wanted, demand.Least);
            if (result.Reservation is not { } reservation)
            {
                result.Shortfall.ShouldBe(expected.Shortfall, Event);
                continue;
            }
            reservation.Output.ShouldBe(expected.Output, Event);
            expected.Shortfall.ShouldBeNull();
            made.Add(new Made(reservation));
            foreach (var hold in demand.Holds)
                (BalanceOf(hold) is var balance && balance.Used + balance.Reserved <= hold.Cap).ShouldBeTrue($"{Event}: {hold} {balance}");
        }
    }

    private async Task SettleAsync(ILedger ledger, Made request)
    {
        var settlement = SettlementOf(request);
        await ledger.SettleAsync(request.Reservation, settlement);
        if (random.Next(5) == 0)
            await ledger.SettleAsync(request.Reservation, SettlementOf(request));
        request.Settlement = settlement;
    }

    private Settlement SettlementOf(Made request)
    {
        var (reservation, demand) = (request.Reservation, request.Reservation.Demand);
        if (random.Next(8) == 0)
            return new Settlement(default, 0, Exactness.Exact, Outcome.NotTaken, now);
        var output = reservation.Output * demand.Choices;
        // A backend may report more than was set aside: that is what it takes, and what it shows.
        var above = random.Next(20) == 0 ? random.Next(50) : 0;
        return Asking.Used(demand, random.NextInt64(demand.Input + 1), random.NextInt64(output + 1) + above, (Exactness)random.Next(2)) with { At = now };
    }

    private static bool IsIn(Hold hold, Demand demand)
    {
        var (account, second) = (hold.Account, demand.At.ToUnixTimeSeconds());
        return (account.Attendee == 0 || account.Attendee == demand.Attendee) && (account.Model.Length == 0 || account.Model == demand.Model)
            && second >= account.Start && !(demand.At >= hold.Frees);
    }

    private static long AmountOf(Reservation reservation, LimitUnit unit) =>
        unit == LimitUnit.InFlight ? 1 : WholeOf(reservation).AmountOf(unit);

    private static Settlement WholeOf(Reservation reservation) => new(
        new Usage(reservation.Demand.Input, 0, reservation.Output * reservation.Demand.Choices, 0),
        reservation.Cost,
        Exactness.Unsettled,
        Outcome.Lost,
        reservation.Demand.At);

    internal sealed class Made(Reservation reservation)
    {
        public Reservation Reservation => reservation;

        /// <summary>Null while it is on its way.</summary>
        public Settlement? Settlement { get; set; }

        /// <summary>Whether only a mark says what it used.</summary>
        public bool IsMarked { get; set; }
    }
}
