using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>Keeps single counts so small that sums of them cannot overflow: nothing a backend reports may stop the ledger.</summary>
internal static class Counts
{
    public static long Bounded(Int128 count) => (long)Int128.Clamp(count, 0, Limit.MaxCap);

    /// <summary>The output tokens that were set aside, over all choices.</summary>
    public static long OutputOfAllChoices(this Reservation reservation) => Bounded((Int128)reservation.Output * reservation.Demand.Choices);

    /// <summary>
    /// What is charged. A usage above the reservation is neither cut nor hidden: it was used, so it counts, the backend will be
    /// paid for it, and the entry shows it beside what was set aside. What the backend never took has used nothing.
    /// </summary>
    public static Settlement Charged(this Settlement settlement) => settlement.Outcome == Outcome.NotTaken
        ? settlement with { Usage = default, Cost = 0 }
        : settlement with
        {
            Usage = new Usage(
                Bounded(settlement.Usage.Input),
                Bounded(settlement.Usage.CachedInput),
                Bounded(settlement.Usage.Output),
                Bounded(settlement.Usage.Reasoning)),
            Cost = Bounded(settlement.Cost),
        };

    /// <summary>The whole reservation: what is charged when nobody knows what became of it.</summary>
    public static Settlement Unsettled(this Reservation reservation, DateTimeOffset now) => new(
        new Usage(Bounded(reservation.Demand.Input), 0, reservation.OutputOfAllChoices(), 0),
        Bounded(reservation.Cost),
        Exactness.Unsettled,
        Outcome.Lost,
        now);
}
