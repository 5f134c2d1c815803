using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Which windows a use counts in, and what is remembered of them: whoever comes late, and whatever limit is asked for first by then.</summary>
public sealed class AccountTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Use_belongs_to_the_windows_of_its_reservation_whenever_it_settles()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.OutputTokens, 100, window: LimitWindow.Minute)];
        var demand = Demand(limits, wanted: 100);
        var reservation = await storage.Ledger.ReserveAsync(demand);
        await storage.Ledger.UseAsync(Demand(limits, at: Noon.AddMinutes(1), wanted: 100), 1, 40);

        await storage.Ledger.SettleAsync(reservation, Used(demand, 1, 90) with { At = Noon.AddMinutes(1) });

        (await storage.Ledger.RefusedAsync(Demand(limits, wanted: 11, least: 11))).Used.ShouldBe(90);
        (await storage.Ledger.RefusedAsync(Demand(limits, at: Noon.AddMinutes(1), wanted: 61, least: 61))).Used.ShouldBe(40);
    }

    [Fact]
    public async Task Accounts_of_windows_that_are_over_are_forgotten_and_come_back_right()
    {
        var clock = new Clock(Noon);
        await using var storage = await StartAsync(clock);
        Limit[] limits = [Limit(LimitUnit.Requests, 1, window: LimitWindow.Minute)];
        for (var minute = 5; minute <= 7; minute++)
        {
            clock.Now = Noon.AddMinutes(minute);
            await storage.Ledger.UseAsync(Demand(limits, at: clock.Now), 1, 1);
        }
        clock.Now = Noon.AddMinutes(9);
        await storage.Ledger.UseAsync(Demand([], at: Noon.AddMinutes(6)), 1, 1);

        // Of the first of three minutes only its hour is known any more: too much rather than too little.
        (await storage.Ledger.RefusedAsync(Demand(limits, at: Noon.AddMinutes(5)))).Used.ShouldBeGreaterThanOrEqualTo(1);
        (await storage.Ledger.RefusedAsync(Demand(limits, at: Noon.AddMinutes(6)))).Used.ShouldBe(2);
        (await storage.Ledger.RefusedAsync(Demand(limits, at: Noon.AddMinutes(7)))).Used.ShouldBe(1);
        // That somebody came so late makes nobody forget what later minutes have.
        (await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.InputTokens, 1, window: LimitWindow.Minute)], at: Noon.AddMinutes(6)))).Used.ShouldBe(2);
        (await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.InputTokens, 1, window: LimitWindow.Minute)], at: Noon.AddMinutes(7)))).Used.ShouldBe(1);
    }

    [Fact]
    public async Task Day_that_somebody_asks_about_behind_its_end_has_nothing_of_the_next_one()
    {
        var midnight = Noon.AddHours(12);
        await using var storage = await StartAsync(new Clock(midnight.AddSeconds(5)));
        await storage.Ledger.UseAsync(Demand([], at: midnight.AddSeconds(-5)), 1, 1);
        await storage.Ledger.UseAsync(Demand([], at: midnight.AddSeconds(5)), 1, 1);

        (await storage.Ledger.BalancesAsync(Demand([Limit(LimitUnit.Requests, 10)], at: midnight.AddSeconds(-1)).Holds)).ShouldBe([new Balance(1, 0)]);
    }

    [Fact]
    public async Task Limit_that_is_added_counts_every_choice_of_those_still_on_their_way_in_whatever_order_others_ended()
    {
        await using var storage = await StartAsync();
        var reservations = new List<Reservation>();
        for (var i = 0; i < 5; i++)
            reservations.Add(await storage.Ledger.ReserveAsync(Demand([], wanted: 10, choices: 2)));
        foreach (var ended in new[] { 0, 4, 1 })
            await storage.Ledger.SettleAsync(reservations[ended], Used(reservations[ended].Demand, 1, 1));

        var added = Demand([Limit(LimitUnit.InFlight, 100, window: LimitWindow.Event), Limit(LimitUnit.OutputTokens, 100), Limit(LimitUnit.Requests, 100)]);

        (await storage.Ledger.BalancesAsync(added.Holds)).Select(b => b.Reserved).Order().ShouldBe([2, 2, 40]);
    }

    [Fact]
    public async Task Accounts_of_minutes_do_not_add_up_whether_or_not_requests_were_on_their_way_when_they_ended()
    {
        var clock = new Clock(Noon);
        await using var storage = await StartAsync(clock);
        Limit[] limits = [Limit(LimitUnit.Requests, 10, window: LimitWindow.Minute)];
        for (var minute = 0; minute < 20; minute++)
        {
            clock.Now = Noon.AddMinutes(minute);
            var reservation = await storage.Ledger.ReserveAsync(Demand(limits, at: clock.Now));
            clock.Now = clock.Now.AddMinutes(minute % 2 * 3);
            await storage.Ledger.UseAsync(Demand([], at: clock.Now), 1, 1);
            await storage.Ledger.SettleAsync(reservation, Used(reservation.Demand, 1, 1));
        }

        clock.Now = Noon.AddHours(1);
        await storage.Ledger.UseAsync(Demand([]), 1, 1);

        var accounts = -1;
        await storage.Ledger.LookAsync(b => accounts = b.Accounts.Tallies.Sum(t => t.Value.Accounts.Count));
        accounts.ShouldBe(0);
    }

    [Fact]
    public async Task Days_of_two_time_zones_that_begin_together_and_end_apart_are_two_accounts()
    {
        // A day of 25 hours in Berlin, and one of 24 with the same beginning in Johannesburg.
        var late = new DateTimeOffset(2030, 10, 27, 22, 0, 30, TimeSpan.Zero);
        Limit[] limits = [Limit(LimitUnit.Requests, 2)];
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(late));
        await storage.Ledger.UseAsync(Demand(limits, late.AddMinutes(-1), window: Window("Africa/Johannesburg")), 1, 1);

        await storage.Ledger.UseAsync(Demand(limits, late, window: Window("Europe/Berlin")), 1, 1);

        (await storage.Ledger.RefusedAsync(Demand(limits, late, window: Window("Europe/Berlin")))).Used.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_admitted_in_another_time_zone_counts_in_the_day_of_its_hour_and_a_start_finds_the_same()
    {
        // The day begins at 18:30 in Kolkata, in the middle of the hour of the first request.
        var at = new DateTimeOffset(2030, 5, 2, 18, 45, 0, TimeSpan.Zero);
        var later = Demand([Limit(LimitUnit.Requests, 10)], at.AddMinutes(1), window: Window("Asia/Kolkata"));
        await using (var storage = await StorageUnderTest.StartAsync(Data, new Clock(at)))
        {
            var earlier = Demand([], at);
            var reservation = await storage.Ledger.ReserveAsync(earlier);
            await storage.Ledger.UseAsync(later, 1, 1);
            await storage.Ledger.SettleAsync(reservation, Used(earlier, 1, 1));
            (await storage.Ledger.BalancesAsync(later.Holds)).ShouldBe([new Balance(1, 0)]);
        }

        await using var again = await StorageUnderTest.StartAsync(Data, new Clock(at));

        (await again.Ledger.BalancesAsync(later.Holds)).ShouldBe([new Balance(1, 0)]);
    }

    private Task<StorageUnderTest> StartAsync(TimeProvider? time = null) => StorageUnderTest.StartAsync(Data, time ?? new Clock(Noon));
}
