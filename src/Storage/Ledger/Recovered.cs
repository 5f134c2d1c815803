using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Journals;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>What a start found, all of which is in the database.</summary>
/// <param name="LastSequence">The last one that was ever given.</param>
/// <param name="Unsettled">What this start has charged whole.</param>
internal sealed record Recovered(
    Guid Server, long LastSequence, JournalScan Journal, IReadOnlyList<(Reservation Reservation, Settlement Charged)> Unsettled)
{
    public int NextSegment => Journal.Segments.Count == 0 ? 1 : Journal.Segments[^1].File.Number + 1;

    public void DeleteFolded()
    {
        foreach (var segment in Journal.Segments)
            File.Delete(segment.File.Path);
    }
}
