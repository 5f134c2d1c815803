using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>
/// What one request asks of one account, as a function of the output limit x that it is given: <c>⌈(Fixed + x · PerToken) / Scale⌉</c>.
/// </summary>
/// <param name="Limit">The limit it is for: where many share the account, the one with the smallest cap.</param>
/// <param name="Cap">The most that used and reserved together may be, after all raises; at least 0.</param>
/// <param name="Fixed">At least 0.</param>
/// <param name="PerToken">For one more token of the output limit, over all choices; at least 0.</param>
/// <param name="Scale">1, but 1,000,000 for money, whose <paramref name="Fixed"/> and <paramref name="PerToken"/> are in millionths of a micro-dollar.</param>
/// <param name="Frees">When the account's window ends; null where it never does.</param>
public readonly record struct Hold(AccountKey Account, Limit Limit, long Cap, long Fixed, long PerToken, long Scale, DateTimeOffset? Frees)
{
    /// <summary>How much it asks for at an output limit, in the account's unit; saturates at <see cref="long.MaxValue"/>.</summary>
    /// <param name="output">At least 0.</param>
    public long At(long output) =>
        (long)Int128.Min(((Int128)Fixed + (Int128)output * PerToken + Scale - 1) / Scale, long.MaxValue);

    /// <summary>What the cap leaves beside what is used and set aside; at least 0, for a cap may have been lowered below that.</summary>
    public long Left(Balance balance) => (long)Int128.Max((Int128)Cap - balance.Used - balance.Reserved, 0);

    /// <summary>The largest output limit that leaves the account within its cap; −1 where not even 0 does, <see cref="long.MaxValue"/> where each does.</summary>
    public long LargestOutput(Balance balance)
    {
        // ⌈a / s⌉ ≤ left is a ≤ left · s, so nothing is rounded. Each product of two longs fits into 128 bits.
        var left = (Int128)Cap - balance.Used - balance.Reserved;
        var forOutput = left * Scale - Fixed;
        if (left < 0 || forOutput < 0)
            return -1;
        return PerToken == 0 ? long.MaxValue : (long)Int128.Min(forOutput / PerToken, long.MaxValue);
    }
}
