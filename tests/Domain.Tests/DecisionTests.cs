using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Domain.Tests;

public sealed class DecisionTests
{
    private static readonly DateTimeOffset Noon = new(2024, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_limits_a_request_gets_what_it_wants() => Decision.Largest([], [], 4_096, 64).ShouldBe(new Decision(4_096, null));

    [Fact]
    public void Output_is_lowered_to_what_the_tightest_account_leaves() =>
        Decision.Largest([Limiting.Hold(1_000, 100, 2), Limiting.Hold(500, 100, 2)], [new(100, 200), new(10, 91)], 4_096, 64)
            .ShouldBe(new Decision(149, null)); // (500 − 101 − 100) / 2, rounded down

    [Fact]
    public void Exactly_the_cap_fits()
    {
        Decision.Largest([Limiting.Hold(10, 1)], [new(9, 0)], 0, 0).Shortfall.ShouldBeNull();
        Decision.Largest([Limiting.Hold(10, 1)], [new(9, 1)], 0, 0).Shortfall.ShouldBe(new Shortfall(Limiting.Hold(10, 1), 9, 1, 1));
    }

    [Fact]
    public void Less_than_is_of_use_is_refused_with_what_the_least_would_have_needed()
    {
        var hold = Limiting.Hold(200, 100, 2);

        Decision.Largest([hold], [new(0, 0)], 4_096, 64).ShouldBe(new Decision(0, new Shortfall(hold, 0, 0, 228)));
    }

    [Fact]
    public void Account_that_is_used_above_a_lowered_cap_lets_nothing_in() =>
        Decision.Largest([Limiting.Hold(10, 0, 0)], [new(20, 0)], 100, 0).Shortfall.ShouldNotBeNull();

    [Fact]
    public void Shortfall_that_lasts_longest_is_the_one_told()
    {
        var settlesSoon = Limiting.Hold(10, 1);
        var freesSoon = Limiting.Hold(10, 1, frees: Noon.AddMinutes(1));
        var freesLater = Limiting.Hold(10, 1, frees: Noon.AddHours(1));
        var never = Limiting.Hold(10, 1);

        Told([settlesSoon, freesSoon], [new(9, 1), new(10, 0)]).ShouldBe(freesSoon);
        Told([freesLater, freesSoon], [new(10, 0), new(10, 0)]).ShouldBe(freesLater);
        Told([freesSoon, freesLater], [new(10, 0), new(10, 0)]).ShouldBe(freesLater);
        Told([freesLater, never, freesSoon], [new(10, 0), new(10, 0), new(10, 0)]).ShouldBe(never);
    }

    [Fact]
    public void Decision_is_the_largest_output_by_trying_them_all()
    {
        var small = Asked(Numbers.Small, Gen.Choose(1, 5).Select(i => (long)i));

        Prop.ForAll(small.ToArbitrary(), a => Decide(a) == Tried(a)).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void Decision_leaves_every_account_within_its_cap_and_nothing_unused_for_any_numbers()
    {
        var any = Asked(Numbers.AtLeast0, Gen.OneOf(Gen.Elements(1L, 1_000_000L), Numbers.AtLeast1));

        Prop.ForAll(any.ToArbitrary(), a => Decide(a) is { } output
            ? AllFit(a, output) && (output == a.Wanted || !AllFit(a, (BigInteger)output + 1))
            : !AllFit(a, a.Least)).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void Shortfall_is_of_an_account_that_does_not_fit_and_says_what_stands_in_it()
    {
        var any = Asked(Numbers.AtLeast0, Gen.OneOf(Gen.Elements(1L, 1_000_000L), Numbers.AtLeast1));

        Prop.ForAll(any.ToArbitrary(), a => Decision.Largest(a.Holds, a.Balances, a.Wanted, a.Least).Shortfall is not { } shortfall
            || Enumerable.Range(0, a.Holds.Length).Any(i => a.Holds[i] == shortfall.Hold && a.Balances[i] == new Balance(shortfall.Used, shortfall.Reserved)
                && !Fits(a.Holds[i], a.Balances[i], a.Least) && shortfall.Wanted == BigInteger.Min(Exact(a.Holds[i], a.Least), long.MaxValue)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private sealed record Question(Hold[] Holds, Balance[] Balances, long Wanted, long Least);

    private static Gen<Question> Asked(Gen<long> numbers, Gen<long> scales)
    {
        var accounts =
            from cap in Gen.OneOf(numbers, numbers.Select(n => Math.Min(n, long.MaxValue / 4) * 4))
            from fixedPart in numbers
            from perToken in numbers
            from scale in scales
            from used in numbers
            from reserved in numbers
            select (Hold: Limiting.Hold(cap, fixedPart, perToken, scale), Balance: new Balance(used, reserved));
        return
            from count in Gen.Choose(0, 4)
            from list in accounts.ListOf(count)
            from least in numbers
            from wanted in numbers
            select new Question([.. list.Select(a => a.Hold)], [.. list.Select(a => a.Balance)], Math.Max(wanted, least), least);
    }

    private static long? Decide(Question asked) =>
        Decision.Largest(asked.Holds, asked.Balances, asked.Wanted, asked.Least) is { Shortfall: null } decision ? decision.Output : null;

    private static long? Tried(Question asked)
    {
        for (var output = asked.Wanted; output >= asked.Least; output--)
            if (AllFit(asked, output))
                return output;
        return null;
    }

    private static bool AllFit(Question asked, BigInteger output) =>
        Enumerable.Range(0, asked.Holds.Length).All(i => Fits(asked.Holds[i], asked.Balances[i], output));

    private static bool Fits(Hold hold, Balance balance, BigInteger output) =>
        Exact(hold, output) <= (BigInteger)hold.Cap - balance.Used - balance.Reserved;

    private static BigInteger Exact(Hold hold, BigInteger output) => (hold.Fixed + output * hold.PerToken + hold.Scale - 1) / hold.Scale;

    private static Hold Told(Hold[] holds, Balance[] balances) => Decision.Largest(holds, balances, 0, 0).Shortfall!.Hold;
}
