namespace OpenAIProxy.Domain.Ledger;

/// <summary>What was set aside for a request.</summary>
/// <param name="Id">Grows with every reservation of a server.</param>
/// <param name="Output">The output tokens for one choice that were reserved: from <see cref="Demand.Least"/> to <see cref="Demand.Wanted"/>.</param>
/// <param name="Cost">The most it can cost, in micro-dollars: <see cref="Demand.CostAtMost"/> of <paramref name="Output"/>.</param>
public sealed record Reservation(long Id, Demand Demand, long Output, long Cost)
{
    /// <summary>Whether less was left than the request would have had.</summary>
    public bool IsLowered => Output < Demand.Wanted;
}
