using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>A request that may go on: to which model, with which output limit, and what was set aside for it.</summary>
/// <param name="OutputLimit">The output tokens per choice to be sent upstream; null where what the client sent can stand.</param>
/// <param name="Reservation">Null is the owner of a resource of their own, whose requests pass as they are and are nobody else's to count.</param>
internal sealed record Admitted(Offer Offer, long? OutputLimit, Reservation? Reservation)
{
    /// <summary>What is left of the event's limits, this request taken off; null where there are none to keep.</summary>
    public Allowance? Allowance { get; init; }

    public bool IsOwn => Reservation is null;

    /// <summary>Whether it is charged for output that no client sees: what a model thought, what it rejected of a prediction.</summary>
    public bool HidesOutput { get; init; }

    /// <summary>Whether less was left than the request would have had.</summary>
    public bool IsLowered => Reservation is { IsLowered: true };
}
