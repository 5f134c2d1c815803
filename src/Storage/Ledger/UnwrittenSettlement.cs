using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>A settlement that is in the accounts and not in the journal yet.</summary>
/// <param name="Reservation">Null where it takes the place of a charge.</param>
/// <param name="Segment">The file that the reservation keeps; null where none does.</param>
/// <param name="Since">From when on those who wait for it have waited, as a timestamp.</param>
internal sealed record UnwrittenSettlement(long Id, Reservation? Reservation, Settlement Settlement, Segment? Segment, long Since)
{
    // Nearly always one, so they are a chain and not a list.
    private SettleErrand? waiting;

    /// <summary>Given at each attempt anew.</summary>
    public long Sequence { get; set; }

    public RecordKind Kind => Reservation is null ? RecordKind.Corrected : RecordKind.Settled;

    /// <summary>Has somebody more wait for it.</summary>
    public void Join(SettleErrand errand) => (errand.Next, waiting) = (waiting, errand);

    /// <summary>Tells whoever waits that it is written.</summary>
    public void Complete()
    {
        for (var errand = waiting; errand is not null; errand = errand.Next)
            errand.Complete(true);
        waiting = null;
    }

    /// <summary>Tells whoever waits that it is not. It stays to be written; nobody waits for that any more.</summary>
    public void Fail(Exception exception)
    {
        for (var errand = waiting; errand is not null; errand = errand.Next)
            errand.Fail(exception);
        waiting = null;
    }

    public Entry ToEntry() => Reservation is null ? new Entry(Sequence, Id, null, Settlement) : Entry.Of(Sequence, Reservation, Settlement);
}
