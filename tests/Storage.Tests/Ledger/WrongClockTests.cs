using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>A clock that was days ahead for a while and is right again: nothing of that stays.</summary>
public sealed class WrongClockTests : IDisposable
{
    private static readonly Limit[] Limits =
        [Limit(LimitUnit.Requests, 3, window: LimitWindow.Minute), Limit(LimitUnit.Requests, 10, window: LimitWindow.Day) with { Id = 2 }];

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_used_in_each_minute_and_day_is_known_again(bool restarts)
    {
        var options = new StorageOptions { DataDirectory = directory["data"] };
        var time = new Clock(Noon);
        var storage = await StorageUnderTest.StartAsync(options, time);
        await UseAsync(storage, Noon.AddDays(-1), 3);
        await UseAsync(storage, Noon, 2);
        // In twelve hours, and in three minutes of the first.
        foreach (var minute in Enumerable.Range(1, 11).Select(number => number * 4 * 60).Prepend(2).Prepend(1).Prepend(0))
            await UseAsync(storage, Noon.AddDays(5).AddMinutes(minute), 1);
        if (restarts)
        {
            await storage.DisposeAsync();
            storage = await StorageUnderTest.StartAsync(options, time);
        }
        await using var _ = storage;

        // What was used in the minute that comes first is not known: it may be refused.
        await ((ILedger)storage.Ledger).BalancesAsync([.. Demand(Limits, Noon.AddMinutes(10)).Holds]);
        foreach (var minute in new[] { 11, 12 })
        {
            await UseAsync(storage, Noon.AddMinutes(minute), 3);
            (await storage.Ledger.RefusedAsync(Demand(Limits, Noon.AddMinutes(minute)))).Hold.Limit.Window.ShouldBe(LimitWindow.Minute);
        }
        await UseAsync(storage, Noon.AddMinutes(13), 2);
        var refused = await storage.Ledger.RefusedAsync(Demand(Limits, Noon.AddMinutes(13)));
        (refused.Hold.Limit.Window, refused.Used).ShouldBe((LimitWindow.Day, 10));
    }

    [Fact]
    public async Task What_was_forgotten_over_a_clock_that_was_used_for_long_is_refused_too_early_rather_than_too_late()
    {
        var time = new Clock(Noon);
        await using var storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, time);
        for (var minute = 1; minute <= 4; minute++)
            await storage.Ledger.UseAsync(Demand([], Noon.AddMinutes(minute)), 1, 1);
        for (var hour = 0; hour < 20; hour++)
            await storage.Ledger.UseAsync(Demand([], Noon.AddDays(5).AddHours(hour)), 1, 1);

        // More than there was, as nobody knows any more on which day it was.
        (await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.Requests, 4)], Noon.AddMinutes(10)))).Used.ShouldBeGreaterThanOrEqualTo(4);
        (await storage.Ledger.RefusedAsync(Demand([Limit(LimitUnit.InputTokens, 4)], Noon.AddMinutes(10)))).Used.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task What_was_used_before_the_clock_went_ahead_counts_in_its_minute_when_the_clock_is_right_again_within_it()
    {
        var options = new StorageOptions { DataDirectory = directory["data"] };
        await using (var storage = await StorageUnderTest.StartAsync(options, new Clock(Noon)))
        {
            await UseAsync(storage, Noon.AddMinutes(10), 3);
            await UseAsync(storage, Noon.AddDays(1), 1);
            await UseAsync(storage, Noon.AddDays(1).AddMinutes(1), 1);
        }
        await using var again = await StorageUnderTest.StartAsync(options, new Clock(Noon));

        foreach (var unit in new[] { LimitUnit.Requests, LimitUnit.InputTokens, LimitUnit.OutputTokens })
            (await again.Ledger.RefusedAsync(Demand([Limit(unit, 3, window: LimitWindow.Minute)], Noon.AddMinutes(10), input: 1, wanted: 1))).Used.ShouldBeGreaterThanOrEqualTo(3);
    }

    private static async Task UseAsync(StorageUnderTest storage, DateTimeOffset at, int times)
    {
        for (var i = 0; i < times; i++)
            await storage.Ledger.UseAsync(Demand(Limits, at), 1, 1);
    }
}
