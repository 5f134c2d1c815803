using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>How much of every unit: what one request adds to the accounts, or the sum over many.</summary>
/// <param name="Cost">In micro-dollars.</param>
internal readonly record struct Amounts(long Requests, long Input, long Output, long Cost)
{
    /// <summary>What a settlement adds.</summary>
    public static Amounts Of(Settlement settlement) => new(
        settlement.AmountOf(LimitUnit.Requests),
        settlement.AmountOf(LimitUnit.InputTokens),
        settlement.AmountOf(LimitUnit.OutputTokens),
        settlement.AmountOf(LimitUnit.Money));

    /// <summary>How much is used of a unit. Of requests in flight nothing ever is: they are only set aside.</summary>
    public long this[LimitUnit unit] => unit switch
    {
        LimitUnit.Requests => Requests,
        LimitUnit.InputTokens => Input,
        LimitUnit.OutputTokens => Output,
        LimitUnit.TotalTokens => Input + Output,
        LimitUnit.Money => Cost,
        LimitUnit.InFlight => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    public static Amounts operator +(Amounts a, Amounts b) =>
        new(a.Requests + b.Requests, a.Input + b.Input, a.Output + b.Output, a.Cost + b.Cost);

    public static Amounts operator -(Amounts a, Amounts b) =>
        new(a.Requests - b.Requests, a.Input - b.Input, a.Output - b.Output, a.Cost - b.Cost);
}
