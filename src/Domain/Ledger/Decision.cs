namespace OpenAIProxy.Domain.Ledger;

/// <summary>Either of the two: how much a request may put out, or why it may not go.</summary>
/// <param name="Output">The output tokens for one choice; 0 where there is a shortfall.</param>
public readonly record struct Decision(long Output, Shortfall? Shortfall)
{
    /// <summary>
    /// The largest output limit up to <paramref name="wanted"/> that leaves every account within its cap. The one rule by which
    /// every store admits; the store sees to it that the balances do not change between this and setting aside.
    /// </summary>
    /// <param name="balances">What stands in the account of each hold, in the same order.</param>
    /// <param name="wanted">At least <paramref name="least"/>.</param>
    /// <param name="least">At least 0; a smaller output limit is of no use.</param>
    /// <returns>Where several accounts have not enough left, the shortfall that lasts longest: to wait for another would be for nothing.</returns>
    public static Decision Largest(ReadOnlySpan<Hold> holds, ReadOnlySpan<Balance> balances, long wanted, long least)
    {
        var output = wanted;
        Shortfall? shortfall = null;
        for (var i = 0; i < holds.Length; i++)
        {
            ref readonly var hold = ref holds[i];
            var allowed = hold.LargestOutput(balances[i]);
            output = Math.Min(output, allowed);
            if (allowed < least)
                shortfall = Longest(shortfall, new Shortfall(hold, balances[i].Used, balances[i].Reserved, hold.At(least)));
        }
        return shortfall is null ? new Decision(output, null) : new Decision(0, shortfall);
    }

    private static Shortfall Longest(Shortfall? known, Shortfall other) => known is null || other.Outlasts(known) ? other : known;
}
