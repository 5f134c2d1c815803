using System.Collections.Immutable;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Domain.Limits;

/// <summary>Either of the two: what a request asks of its accounts, or the limit that cannot be kept.</summary>
/// <param name="Holds">One for each account; empty where no limit applies.</param>
/// <param name="Unpriced">The limit on money that applies although the model's price is unknown: the request must be refused.</param>
public readonly record struct HoldList(ImmutableArray<Hold> Holds, Limit? Unpriced);
