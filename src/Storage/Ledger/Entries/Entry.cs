using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Counting;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>A settlement on its way into the database.</summary>
/// <remarks>
/// A value, with nothing of its request but what its row says: thousands wait for their transaction, and whatever they kept would outlive the collections
/// that it should die in.
/// </remarks>
/// <param name="Sequence">Of its record in the journal; 0 where it has none, because the start of a server makes it.</param>
/// <param name="Reserved">Null where it takes the place of a charge that the database has already.</param>
internal readonly record struct Entry(long Sequence, long Id, Reserved? Reserved, Settlement Settlement)
{
    public static Entry Of(long sequence, Reservation reservation, Settlement settlement) =>
        new(sequence, reservation.Id, Entries.Reserved.Of(reservation), settlement);
}

/// <summary>What an entry says of its reservation.</summary>
/// <param name="Output">Over all choices.</param>
/// <param name="Cost">In micro-dollars.</param>
internal readonly record struct Reserved(
    Guid Request,
    string Event,
    long Attendee,
    string Model,
    Operation Operation,
    DateTimeOffset At,
    long Hour,
    long Input,
    long StatedInput,
    long Output,
    long Cost,
    Price? Price)
{
    public static Reserved Of(Reservation reservation)
    {
        var demand = reservation.Demand;
        return new Reserved(
            demand.Request, demand.Event, demand.Attendee, demand.Model, demand.Operation, demand.At, demand.Hour,
            demand.Input, demand.StatedInput, reservation.OutputOfAllChoices(), reservation.Cost, demand.Price);
    }
}
