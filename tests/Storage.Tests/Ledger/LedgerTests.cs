using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Testing;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Data => directory["data"];

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Output_limit_shrinks_to_what_is_left_and_what_is_less_than_useful_is_refused()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.OutputTokens, 150)];

        var first = await storage.Ledger.ReserveAsync(Demand(limits, wanted: 100));
        var second = await storage.Ledger.ReserveAsync(Demand(limits, wanted: 100, least: 50));
        var third = await storage.Ledger.RefusedAsync(Demand(limits, wanted: 100, least: 1));

        (first.Output, second.Output).ShouldBe((100, 50));
        (third.Used, third.Reserved, third.Wanted, third.Hold.Cap).ShouldBe((0, 150, 1, 150));
    }

    [Fact]
    public async Task Settling_puts_what_was_used_in_the_place_of_what_was_set_aside()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.TotalTokens, 200)];
        var demand = Demand(limits, input: 50, wanted: 150);
        var reservation = await storage.Ledger.ReserveAsync(demand);

        await storage.Ledger.SettleAsync(reservation, Used(demand, 20, 30));

        var refused = await storage.Ledger.RefusedAsync(Demand(limits, input: 100, wanted: 60, least: 60));
        (refused.Used, refused.Reserved).ShouldBe((50, 0));
    }

    [Fact]
    public async Task What_a_request_can_cost_at_most_is_what_its_demand_says_also_beyond_what_can_be_counted()
    {
        await using var storage = await StartAsync();
        var demand = Demand([], wanted: 10 * Domain.Limits.Limit.MaxCap, choices: 2) with { Price = Price with { Output = 1 } };

        var reservation = await storage.Ledger.ReserveAsync(demand);

        reservation.Output.ShouldBe(demand.Wanted);
        reservation.Cost.ShouldBe(demand.CostAtMost(demand.Wanted));
    }

    [Fact]
    public async Task All_accounts_or_none()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 10), Limit(LimitUnit.Money, 5, LimitScope.Event)];

        var refused = await storage.Ledger.RefusedAsync(Demand(limits));

        refused.Hold.Limit.Unit.ShouldBe(LimitUnit.Money);
        (await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.Requests, 0)]))).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task The_answer_says_what_stands_in_each_account_then()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 2), Limit(LimitUnit.OutputTokens, 150)];
        await storage.Ledger.UseAsync(Demand(limits, wanted: 40), 1, 30);

        var granted = await ((ILedger)storage.Ledger).ReserveAsync(Demand(limits, wanted: 50), CancellationToken.None);
        var refused = await ((ILedger)storage.Ledger).ReserveAsync(Demand(limits, wanted: 50), CancellationToken.None);

        granted.Balances.ShouldBe([new Balance(1, 1), new Balance(30, 50)]);
        refused.Shortfall.ShouldNotBeNull();
        refused.Balances.ShouldBe(granted.Balances);
    }

    [Fact]
    public async Task First_settlement_counts_and_others_do_nothing()
    {
        await using var storage = await StartAsync();
        var demand = Demand([]);
        var reservation = await storage.Ledger.ReserveAsync(demand);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => storage.Ledger.SettleAsync(reservation, Used(demand, i, i)).AsTask()));

        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<string>(Database, "SELECT COUNT(*) || ' ' || SUM(input) FROM entry").ShouldBe("1 1");
        RawDatabase.Read<string>(Database, "SELECT requests || ' ' || input FROM total").ShouldBe("1 1");
    }

    [Fact]
    public async Task What_no_backend_took_is_released_whole_and_is_an_entry_of_nothing()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 1), Limit(LimitUnit.Money, 1_000)];
        var demand = Demand(limits);
        var reservation = await storage.Ledger.ReserveAsync(demand);

        await storage.Ledger.SettleAsync(reservation, Used(demand, 10, 10, outcome: Outcome.NotTaken));

        await storage.Ledger.UseAsync(Demand(limits), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<string>(Database, "SELECT COUNT(*) || ' ' || SUM(cost) FROM entry").ShouldBe("2 3");
        RawDatabase.Read<long>(Database, "SELECT requests FROM total").ShouldBe(1);
    }

    [Fact]
    public async Task Usage_above_the_reservation_counts_in_full_and_the_entry_shows_it()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.OutputTokens, 100)];
        var demand = Demand(limits, wanted: 100);
        var reservation = await storage.Ledger.ReserveAsync(demand);

        await storage.Ledger.SettleAsync(reservation, Used(demand, 10, 130));

        (await storage.Ledger.RefusedAsync(Demand(limits))).Used.ShouldBe(130);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<string>(Database, "SELECT reserved_output || ' ' || output FROM entry").ShouldBe("100 130");
    }

    [Fact]
    public async Task Usage_beyond_reason_stops_nothing()
    {
        await using var storage = await StartAsync();
        var demand = Demand([]);
        foreach (var (input, output) in new[] { (long.MaxValue, long.MaxValue), (long.MinValue, -1L) })
        {
            var reservation = await storage.Ledger.ReserveAsync(demand);
            await storage.Ledger.SettleAsync(reservation, new Settlement(new Usage(input, output, output, input), input, Exactness.Exact, Outcome.Complete, Noon));
        }

        await storage.Ledger.UseAsync(Demand([]), 1, 1);

        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<long>(Database, "SELECT MIN(input) FROM entry").ShouldBe(0);
    }

    [Fact]
    public async Task Requests_in_flight_are_limited_while_they_are()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.InFlight, 2)];
        var first = await storage.Ledger.ReserveAsync(Demand(limits));
        await storage.Ledger.ReserveAsync(Demand(limits));
        (await storage.Ledger.RefusedAsync(Demand(limits))).Reserved.ShouldBe(2);

        await storage.Ledger.SettleAsync(first, Used(first.Demand, 1, 1));

        await storage.Ledger.ReserveAsync(Demand(limits));
    }

    [Theory]
    [InlineData(LimitWindow.Minute)]
    [InlineData(LimitWindow.Hour)]
    [InlineData(LimitWindow.Day)]
    [InlineData(LimitWindow.Event)]
    public async Task Limit_that_is_added_in_the_middle_starts_with_what_has_been_used_and_set_aside(LimitWindow window)
    {
        await using var storage = await StartAsync();
        await storage.Ledger.UseAsync(Demand([]), 10, 30);
        await storage.Ledger.ReserveAsync(Demand([], input: 5, wanted: 7));
        // Of somebody else, and of another day.
        await storage.Ledger.UseAsync(Demand([], attendee: 2), 1_000, 1_000);
        if (window != LimitWindow.Event)
            await storage.Ledger.UseAsync(Demand([], at: Noon.AddDays(-1)), 1_000, 1_000);

        var refused = await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.TotalTokens, 52, window: window)], input: 0, wanted: 1));

        (refused.Used, refused.Reserved).ShouldBe((40, 12));
    }

    [Theory]
    [InlineData(LimitWindow.Minute)]
    [InlineData(LimitWindow.Hour)]
    [InlineData(LimitWindow.Day)]
    [InlineData(LimitWindow.Event)]
    public async Task Limit_starts_with_what_was_used_before_the_last_start(LimitWindow window)
    {
        await using (var storage = await StartAsync())
        {
            await storage.Ledger.UseAsync(Demand([]), 10, 30);
            // Yesterday, and before all that is remembered by the hour.
            if (window != LimitWindow.Event)
                foreach (var days in new[] { 1, 10 })
                    await storage.Ledger.UseAsync(Demand([], at: Noon.AddDays(-days)), 1_000, 1_000);
        }
        await using var again = await StartAsync();

        var refused = await again.Ledger.RefusedAsync(Demand([Limit(LimitUnit.TotalTokens, 40, window: window)]));

        (refused.Used, refused.Reserved).ShouldBe((40, 0));
    }

    [Fact]
    public async Task Entry_keeps_how_much_of_its_reservation_has_no_proven_bound_whoever_wrote_it()
    {
        var demand = Demand([], input: 40) with { StatedInput = 15 };
        await using (var storage = await StartAsync())
        {
            await storage.Ledger.UseAsync(demand, 30, 1);
            await storage.Ledger.ReserveAsync(demand);
        }
        await using var again = await StartAsync();

        RawDatabase.Read<string>(Database, "SELECT COUNT(*) || ' ' || SUM(reserved_input) || ' ' || SUM(stated_input) || ' ' || SUM(exactness = 2) FROM entry").ShouldBe("2 80 30 1");
    }

    [Fact]
    public async Task Limit_that_was_away_has_lost_nothing()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 4)];
        await storage.Ledger.UseAsync(Demand(limits), 1, 1);
        await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.ReserveAsync(Demand([]));
        await storage.Ledger.UseAsync(Demand(limits), 1, 1);

        var refused = await storage.Ledger.RefusedAsync(Demand(limits));

        (refused.Used, refused.Reserved).ShouldBe((3, 1));
    }

    [Fact]
    public async Task Whoever_gives_up_before_the_decision_has_nothing_set_aside()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 1)];

        await Should.ThrowAsync<OperationCanceledException>(() => storage.Ledger.ReserveAsync(Demand(limits), new CancellationToken(canceled: true)).AsTask());

        await storage.Ledger.ReserveAsync(Demand(limits));
    }

    [Fact]
    public async Task A_thousand_at_once_get_exactly_the_cap()
    {
        await using var storage = await StartAsync();
        Limit[] limits = [Limit(LimitUnit.Requests, 500)];

        var results = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => storage.Ledger.ReserveAsync(Demand(limits), CancellationToken.None).AsTask())));

        results.Count(r => r.Reservation is not null).ShouldBe(500);
        results.Where(r => r.Reservation is not null).Select(r => r.Reservation!.Id).Distinct().Count().ShouldBe(500);
    }

    [Fact]
    public async Task Thousands_that_came_while_nobody_was_served_are_all_served_and_all_are_in_the_database()
    {
        // The clock stands still, so that nothing is brought into the database but here.
        await using var storage = await StartAsync(new ManualTime(Noon));
        await using var held = new HeldBooks(storage.Ledger);
        var all = Enumerable.Range(0, 6_000).Select(_ => storage.Ledger.UseAsync(Demand([]), 1, 1)).ToList();

        await held.ReleaseAsync();

        await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(60));
        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(6_000);
    }

    private Task<StorageUnderTest> StartAsync(TimeProvider? time = null) =>
        StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = Data }, time ?? new Clock(Noon));
}
