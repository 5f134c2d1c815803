namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>What a record of the journal says. The numbers are stored: never change one.</summary>
internal enum RecordKind : byte
{
    /// <summary>A reservation; the record's sequence is its id.</summary>
    Reserved = 1,

    /// <summary>The settlement of a reservation that is in the journal.</summary>
    Settled = 2,

    /// <summary>A settlement that came after its reservation had been charged whole: it takes the place of that charge.</summary>
    Corrected = 3,
}
