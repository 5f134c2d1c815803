namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>A file of the journal that is still needed, as its writer sees it.</summary>
internal sealed class Segment(SegmentFile file)
{
    public SegmentFile File => file;

    /// <summary>Of its last record; all of it is in the database when everything up to here is, apart from reservations that were settled later or not at all.</summary>
    public long LastSequence { get; set; }

    /// <summary>How many reservations are written here only: as long as there are any, the file must stay.</summary>
    public int OpenReservations { get; set; }

    /// <summary>
    /// The last settlement of a reservation that is written here, in whichever file it lies: a start makes nothing of it without the reservation, so until it
    /// is in the database the file must stay as well.
    /// </summary>
    public long LastSettlement { get; private set; }

    public void Settled(long sequence)
    {
        OpenReservations--;
        LastSettlement = sequence;
    }
}
