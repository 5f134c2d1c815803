using System.Collections.Immutable;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>What the limits that apply to a request leave.</summary>
/// <param name="At">The moment of its admission, which they are of.</param>
/// <param name="Balances">What stands in the account of each hold, in the same order.</param>
internal sealed record Allowance(DateTimeOffset At, ImmutableArray<Hold> Holds, ImmutableArray<Balance> Balances)
{
    /// <summary>
    /// The limit on one of the units that has the least left: the one that the next request runs into first. Of two with the same left, the
    /// one that frees later.
    /// </summary>
    /// <returns>Null where there is no such limit.</returns>
    public (Hold Hold, long Left)? Tightest(params ReadOnlySpan<LimitUnit> units)
    {
        var (tightest, least) = (-1, 0L);
        for (var i = 0; i < Holds.Length; i++)
        {
            ref readonly var hold = ref Holds.ItemRef(i);
            if (!units.Contains(hold.Account.Unit))
                continue;
            var left = hold.Left(Balances[i]);
            if (tightest < 0 || left < least || (left == least && Frees(hold) > Frees(Holds.ItemRef(tightest))))
                (tightest, least) = (i, left);
        }
        return tightest < 0 ? null : (Holds[tightest], least);
    }

    private static DateTimeOffset Frees(in Hold hold) => hold.Frees ?? DateTimeOffset.MaxValue;
}
