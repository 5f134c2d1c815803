using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using Outcome = OpenAIProxy.Domain.Ledger.Outcome;

namespace OpenAIProxy.Domain.Tests;

public sealed class SettlementTests
{
    private static readonly Settlement Complete = new(new Usage(100, 40, 20, 5), 900, Exactness.Exact, Outcome.Complete, DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(LimitUnit.Requests, 1)]
    [InlineData(LimitUnit.InputTokens, 100)]
    [InlineData(LimitUnit.OutputTokens, 20)]
    [InlineData(LimitUnit.TotalTokens, 120)]
    [InlineData(LimitUnit.Money, 900)]
    [InlineData(LimitUnit.InFlight, 0)]
    public void Each_account_gets_what_it_counts(LimitUnit unit, long amount) => Complete.AmountOf(unit).ShouldBe(amount);

    [Fact]
    public void Request_that_the_backend_never_took_uses_nothing_of_any_account() =>
        Enum.GetValues<LimitUnit>().Select((Complete with { Outcome = Outcome.NotTaken }).AmountOf).ShouldAllBe(amount => amount == 0);

    [Theory]
    [InlineData(Outcome.ClientGone)]
    [InlineData(Outcome.CutOff)]
    [InlineData(Outcome.BackendBroke)]
    [InlineData(Outcome.Refused)]
    [InlineData(Outcome.Lost)]
    public void Request_that_the_backend_took_was_one_however_it_ended(Outcome outcome) =>
        (Complete with { Outcome = outcome }).AmountOf(LimitUnit.Requests).ShouldBe(1);

    [Fact]
    public void Request_settles_in_no_account_above_what_was_set_aside_there()
    {
        var settled =
            from reservation in Reserved
            from input in Numbers.Trillion
            from cached in Numbers.Trillion
            from output in Numbers.Trillion
            let usage = Usage.Reported(Math.Min(input, Most(reservation).Input), cached, Math.Min(output, Most(reservation).Output), 0)
            select (Reservation: reservation, Settlement: Complete with { Usage = usage, Cost = Cost.Of(usage, reservation.Demand.Price) });

        Prop.ForAll(settled.ToArbitrary(), s => s.Reservation.Demand.Holds.All(h => s.Settlement.AmountOf(h.Account.Unit) <= h.At(s.Reservation.Output)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Request_that_is_charged_whole_is_charged_exactly_what_was_set_aside() =>
        Prop.ForAll(Reserved.ToArbitrary(), r =>
        {
            var whole = Complete with { Usage = Most(r), Cost = r.Cost };
            return r.Demand.Holds.All(h => h.Account.Unit == LimitUnit.InFlight || h.At(r.Output) == whole.AmountOf(h.Account.Unit)
                || h.At(r.Output) > Limit.MaxCap && r.Cost > Limit.MaxCap);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static Usage Most(Reservation reservation) => new(reservation.Demand.Input, 0, reservation.Demand.OutputAtMost(reservation.Output), 0);

    // One account for each unit.
    private static Gen<Reservation> Reserved =>
        from input in Numbers.Trillion
        from choices in Gen.Choose(1, 128)
        from output in Gen.Choose(0, 1_000_000)
        from inputPrice in Numbers.Trillion
        from cachedPrice in Numbers.Trillion
        from outputPrice in Numbers.Trillion
        let demand = DemandOf(input, choices, Limiting.Price(inputPrice, outputPrice, cachedPrice))
        select new Reservation(1, demand, output, demand.CostAtMost(output));

    private static Demand DemandOf(long input, long choices, Price price)
    {
        var window = new EventWindow(new DateTime(2024, 7, 1), new DateTime(2024, 7, 8), TimeZoneInfo.Utc);
        var limits = Enum.GetValues<LimitUnit>().Select(unit => new Limit(1, LimitScope.Event, unit, LimitWindow.Day, Limit.MaxCap)).ToArray();
        var claim = new Claim(1, "gpt-4o", window.Opens, input, choices, price);
        return new Demand
        {
            Event = "hack",
            Attendee = claim.Attendee,
            Model = claim.Model,
            Operation = Operation.ChatCompletions,
            Request = Guid.Empty,
            At = claim.At,
            Hour = 0,
            Holds = Holds.For("hack", window, limits, new Dictionary<long, long>(), claim).Holds,
            Input = input,
            Choices = choices,
            Wanted = 1_000_000,
            Least = 0,
            Price = price,
        };
    }
}
