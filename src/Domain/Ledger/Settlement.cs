using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>What a request turned out to have used.</summary>
/// <param name="Cost">In micro-dollars, at the price of its <see cref="Demand"/>.</param>
/// <param name="At">When it ended; its windows are those of its admission all the same.</param>
public readonly record struct Settlement(Usage Usage, long Cost, Exactness Exactness, Outcome Outcome, DateTimeOffset At)
{
    /// <summary>What it adds to an account that counts <paramref name="unit"/>; what was set aside there is released at the same time.</summary>
    public long AmountOf(LimitUnit unit) => unit switch
    {
        // The backend never took it, so it was no request.
        _ when Outcome == Outcome.NotTaken => 0,
        LimitUnit.Requests => 1,
        LimitUnit.InputTokens => Usage.Input,
        LimitUnit.OutputTokens => Usage.Output,
        LimitUnit.TotalTokens => Usage.Total,
        LimitUnit.Money => Cost,
        LimitUnit.InFlight => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };
}
