namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>What a journal file has in it: whole records, and what is none.</summary>
/// <param name="Header">Null where it is damaged.</param>
/// <param name="Records">In the order of the file.</param>
internal sealed record SegmentScan(SegmentFile File, SegmentHeader? Header, IReadOnlyList<JournalRecord> Records, IReadOnlyList<Damage> Damages)
{
    /// <summary>The file up to the end of its last whole record, with the damages before that: a start knows what to make of them.</summary>
    public byte[] Whole { get; private init; } = [];

    /// <returns>Null where the file is gone: everything in it has been folded.</returns>
    /// <exception cref="StorageException">It is of another version.</exception>
    public static SegmentScan? TryRead(SegmentFile file)
    {
        try
        {
            return Read(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="StorageException">It is of another version.</exception>
    public static SegmentScan Read(SegmentFile file)
    {
        var bytes = ReadAll(file.Path);
        var header = SegmentHeader.Read(bytes, file.Path);
        var (records, damages) = (new List<JournalRecord>(), new List<Damage>());
        var at = header is null ? 0 : SegmentHeader.Length;
        var whole = at;
        while (at < bytes.Length)
        {
            if (Next(bytes.AsSpan(at), records, out var length) is { } record)
            {
                records.Add(record);
                whole = at += length;
                continue;
            }
            var end = NextWhole(bytes, at + 1, records);
            damages.Add(new Damage(file, at, bytes[at..end]));
            at = end;
        }
        return new SegmentScan(file, header, records, damages) { Whole = bytes[..whole] };
    }

    // What is whole behind a damage has its own checksum and counts: leaving it out would lose settlements that were promised.
    private static int NextWhole(byte[] bytes, int from, List<JournalRecord> before)
    {
        for (var at = from; at < bytes.Length; at++)
            if (Next(bytes.AsSpan(at), before, out _) is not null)
                return at;
        return bytes.Length;
    }

    // A record that is older than the one before it is a remnant: it has been written over, or it lies inside another.
    private static JournalRecord? Next(ReadOnlySpan<byte> bytes, List<JournalRecord> before, out int length) =>
        RecordReader.Read(bytes, out length) is { } record && (before.Count == 0 || record.Sequence > before[^1].Sequence) ? record : null;

    // The server may be writing it: whatever is there at this moment.
    private static byte[] ReadAll(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
