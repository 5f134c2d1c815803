namespace OpenAIProxy.Storage.Ledger;

/// <summary>How the ledger writes things down.</summary>
public sealed record LedgerOptions
{
    /// <summary>
    /// Whether what is promised also survives the death of the machine, and not only that of this process: every batch then
    /// waits for the disk, which takes milliseconds. By default it does not.
    /// </summary>
    public bool SurvivesPowerLoss { get; init; }

    /// <summary>In bytes, about; a larger file is followed by a new one. About 30,000 requests, which a start reads in a tenth of a second.</summary>
    internal long SegmentSize { get; init; } = 8 * 1024 * 1024;
}
