namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>What the journal files of a data directory have in them.</summary>
internal sealed record JournalScan(IReadOnlyList<SegmentScan> Segments)
{
    public IEnumerable<JournalRecord> Records => Segments.SelectMany(s => s.Records);

    public IReadOnlyList<Damage> Damages => [.. Segments.SelectMany(s => s.Damages)];

    /// <summary>0 where there is none.</summary>
    public long LastSequence => Segments.Max(s => Math.Max((s.Header?.FirstSequence ?? 1) - 1, s.Records is [.., var last] ? last.Sequence : 0) as long?) ?? 0;

    /// <exception cref="StorageException">A file is of another version.</exception>
    public static JournalScan Read(string directory) => new([.. SegmentFile.In(directory).Select(SegmentScan.TryRead).OfType<SegmentScan>()]);

    /// <exception cref="StorageException">A file was written beside another database.</exception>
    public void RefuseForeign(Guid server)
    {
        if (Segments.FirstOrDefault(s => s.Records.Count > 0 && s.Header is { } header && header.Server != server) is { } foreign)
            throw new StorageException(
                $"The journal '{foreign.File.Path}' belongs to another database: bring back the database that it was written with, "
                + "or move the journal away if what it holds does not matter.");
    }

    /// <summary>Which records are not there although the database does not have them either.</summary>
    /// <param name="folded">Up to which record the database has what was settled.</param>
    public IEnumerable<(long First, long Last)> Missing(long folded)
    {
        var next = folded + 1;
        foreach (var segment in Segments)
        {
            if (segment.Header is { } header && header.FirstSequence > next)
            {
                yield return (next, header.FirstSequence - 1);
                next = header.FirstSequence;
            }
            foreach (var record in segment.Records)
            {
                if (record.Sequence > next)
                    yield return (next, record.Sequence - 1);
                next = Math.Max(next, record.Sequence + 1);
            }
        }
    }
}
