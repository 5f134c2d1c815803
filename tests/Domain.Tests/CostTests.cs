using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

public sealed class CostTests
{
    private static readonly Price Gpt4o = new(2_500_000, 1_250_000, 10_000_000, 0, new DateOnly(2026, 1, 1), "test");

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 0, 3)] // 2.5, rounded up
    [InlineData(2, 0, 0, 5)]
    [InlineData(1, 0, 1, 13)] // 12.5, rounded once: not 3 and 10
    [InlineData(1, 1, 0, 2)] // 1.25: cached
    [InlineData(3, 1, 1, 17)] // 5 + 1.25 + 10
    [InlineData(1_000_000, 400_000, 1_000_000, 12_000_000)] // 1.50 + 0.50 + 10 dollars
    [InlineData(3, 9, 0, 4)] // more cached than there was: all of it, 3.75
    [InlineData(-5, -5, -5, 0)] // a broken backend's
    [InlineData(1, -1, 0, 3)]
    public void Usage_costs(long input, long cached, long output, long expected) =>
        Cost.Of(new Usage(input, cached, output, 0), Gpt4o).ShouldBe(expected);

    [Fact]
    public void Unknown_price_costs_nothing()
    {
        Cost.Of(new Usage(1_000, 0, 1_000, 0), null).ShouldBe(0);
        Cost.AtMost(1_000, 1_000, null).ShouldBe(0);
    }

    [Fact]
    public void Cost_is_exact_rounded_up_once_and_never_overflows() =>
        Prop.ForAll(Settled(Numbers.AtLeast0).ToArbitrary(), s =>
        {
            var exact = (BigInteger)(s.Usage.Input - s.Usage.CachedInput) * s.Price.Input + (BigInteger)s.Usage.CachedInput * s.Price.CachedInput
                + (BigInteger)s.Usage.Output * s.Price.Output;
            return Cost.Of(s.Usage, s.Price) == BigInteger.Min((exact + 999_999) / 1_000_000, Cost.Highest);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void What_a_request_is_charged_is_never_more_than_what_was_set_aside()
    {
        var requests =
            from s in Settled(Numbers.AtLeast0)
            from moreInput in Numbers.Small
            from moreOutput in Numbers.Small
            select (s.Usage, s.Price, Input: Plus(s.Usage.Input, moreInput), Output: Plus(s.Usage.Output, moreOutput));

        Prop.ForAll(requests.ToArbitrary(), r => Cost.Of(r.Usage, r.Price) <= Cost.AtMost(r.Input, r.Output, r.Price))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Hold_on_money_is_the_most_that_the_request_can_cost()
    {
        var requests =
            from input in Numbers.Trillion
            from choices in Numbers.Small
            from output in Gen.Choose(0, 1_000_000)
            from price in Prices(Numbers.Trillion)
            select (Input: input, Choices: choices + 1, Output: (long)output, Price: price);

        Prop.ForAll(requests.ToArbitrary(), r =>
        {
            var atMost = Cost.AtMost(r.Input, r.Choices * r.Output, r.Price);
            var hold = Limiting.Hold(Limit.MaxCap, Cost.OfInputAtMost(r.Input, r.Price), Cost.OfOutputToken(r.Choices, r.Price), Cost.Scale);
            // Above all caps nothing is let in, so there it need not be exact.
            return hold.At(r.Output) == atMost || hold.At(r.Output) > Limit.MaxCap && atMost > Limit.MaxCap;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void What_is_too_much_to_be_counted_fits_under_no_cap()
    {
        Cost.Highest.ShouldBeGreaterThan(Limit.MaxCap);
        Cost.AtMost(1_000_000_000_000, 1_000_000_000_000, Limiting.Price(1_000_000_000_000, 1_000_000_000_000)).ShouldBe(Cost.Highest);
        Limiting.Hold(Limit.MaxCap, Cost.OfInputAtMost(1_000_000_000_000, Limiting.Price(1_000_000_000_000, 0)), 0, Cost.Scale)
            .LargestOutput(default).ShouldBe(-1);
    }

    private static Gen<(Usage Usage, Price Price)> Settled(Gen<long> numbers) =>
        from input in numbers
        from cached in numbers
        from output in numbers
        from price in Prices(numbers)
        select (new Usage(input, Math.Min(cached, input), output, 0), price);

    private static Gen<Price> Prices(Gen<long> numbers) =>
        from input in numbers
        from cached in numbers
        from output in numbers
        select Limiting.Price(input, output, cached);

    private static long Plus(long number, long more) => number > long.MaxValue - more ? long.MaxValue : number + more;
}
