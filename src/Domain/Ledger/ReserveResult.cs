using System.Collections.Immutable;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>Either of the two: what was set aside, or why nothing was.</summary>
/// <param name="Balances">What stands now in the account of each of <see cref="Demand.Holds"/>, in the same order, this reservation included.</param>
public readonly record struct ReserveResult(Reservation? Reservation, Shortfall? Shortfall, ImmutableArray<Balance> Balances);
