using Microsoft.Win32.SafeHandles;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>
/// The end of the journal, where records are appended: a batch with one write, wholly or not at all. For one thread.
/// </summary>
/// <remarks>
/// A write that has returned is in the system's hands and survives the death of this process at any instant; with
/// <paramref name="flushes"/> it also survives the death of the machine.
/// </remarks>
internal sealed class Journal(string directory, Guid server, long segmentSize, bool flushes) : IDisposable
{
    private readonly List<Segment> segments = [];
    private SafeFileHandle? handle;
    private long length;
    private bool hasRemnant;

    /// <summary>Where the next batch goes, unless the file is full.</summary>
    public Segment Current => segments[^1];

    /// <summary>Begins the first file of this process; those of earlier ones are none of its business.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Begin(int number, long firstSequence) => BeginSegment(number, firstSequence);

    /// <summary>Makes room for a batch: a full file is followed by a new one, so that the old one can go when all of it is folded.</summary>
    /// <param name="firstSequence">Of the batch.</param>
    /// <exception cref="IOException">It cannot be written; nothing has changed.</exception>
    public void Prepare(long firstSequence)
    {
        RemoveRemnant();
        if (length >= segmentSize)
            BeginSegment(Current.File.Number + 1, firstSequence);
    }

    /// <param name="lastSequence">Of the last record in <paramref name="records"/>.</param>
    /// <exception cref="IOException">It could not be written; nothing of it will be read.</exception>
    public void Append(ReadOnlyMemory<byte> records, long lastSequence)
    {
        try
        {
            RandomAccess.Write(handle!, records.Span, length);
            if (flushes)
                RandomAccess.FlushToDisk(handle!);
        }
        catch
        {
            hasRemnant = true;
            TryRemoveRemnant();
            throw;
        }
        length += records.Length;
        Current.LastSequence = lastSequence;
    }

    /// <summary>Deletes the files that nothing needs any more.</summary>
    /// <param name="folded">Up to which sequence settlements are in the database.</param>
    public void Trim(long folded)
    {
        foreach (var segment in segments.SkipLast(1).Where(s => s.LastSequence <= folded && s.LastSettlement <= folded && s.OpenReservations == 0).ToList())
        {
            File.Delete(segment.File.Path);
            segments.Remove(segment);
        }
    }

    public void Dispose() => handle?.Dispose();

    // Part of a batch may have reached the file before the disk was full. What was refused must not be read after the next
    // start, and a shorter batch written over it would leave its end.
    private void RemoveRemnant()
    {
        if (!hasRemnant)
            return;
        RandomAccess.SetLength(handle!, length);
        hasRemnant = false;
    }

    // At once: whoever dies before the next batch must not find at its start what nobody was told is there.
    private void TryRemoveRemnant()
    {
        try
        {
            RemoveRemnant();
        }
#pragma warning disable CA1031 // The first error is the one to tell, and the next batch tries again.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void BeginSegment(int number, long firstSequence)
    {
        var file = new SegmentFile(directory, number);
        // What a failed attempt has left is written over.
        var opened = Open(file.Path);
        try
        {
            RandomAccess.Write(opened, new SegmentHeader(server, firstSequence).ToBytes(), 0);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
        handle?.Dispose();
        (handle, length) = (opened, SegmentHeader.Length);
        segments.Add(new Segment(file) { LastSequence = firstSequence - 1 });
    }

    private static SafeFileHandle Open(string path)
    {
        // FileStream, because only its options can give a file to its owner alone from the start.
        using var _ = DataDirectory.OpenForOwner(path, FileShare.ReadWrite | FileShare.Delete);
        return File.OpenHandle(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
