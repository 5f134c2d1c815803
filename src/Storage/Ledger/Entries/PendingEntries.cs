using System.Buffers;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>Settlements that wait for their transaction, in the order of the journal. One adds while another takes.</summary>
/// <remarks>
/// Two buffers that change places: where one is folded, the other fills. They are kept, so that what passes through them is neither an object nor garbage.
/// </remarks>
internal sealed class PendingEntries
{
    // A buffer for more is given back once it is empty: an outage has filled it. About 15 MB.
    private const int MostKept = 65_536;

    private readonly Lock gate = new();
    private ArrayBufferWriter<Entry> arriving = new();
    private ArrayBufferWriter<Entry> leaving = new();
    private int left;

    public int Count
    {
        get
        {
            lock (gate)
                return arriving.WrittenCount + leaving.WrittenCount - left;
        }
    }

    /// <param name="settled">In the order of the journal, which has them already.</param>
    public void Add(List<UnwrittenSettlement> settled)
    {
        lock (gate)
        {
            var room = arriving.GetSpan(settled.Count);
            for (var i = 0; i < settled.Count; i++)
                room[i] = settled[i].ToEntry();
            arriving.Advance(settled.Count);
        }
    }

    /// <returns>The first of them, at most so many, until they are removed; none where there are none.</returns>
    public ReadOnlyMemory<Entry> First(int most)
    {
        lock (gate)
        {
            if (left == leaving.WrittenCount)
                ChangePlaces();
            return leaving.WrittenMemory.Slice(left, Math.Min(most, leaving.WrittenCount - left));
        }
    }

    public void Remove(int count)
    {
        lock (gate)
            left += count;
    }

    private void ChangePlaces()
    {
        if (leaving.Capacity > MostKept)
            leaving = new ArrayBufferWriter<Entry>();
        leaving.Clear();
        (arriving, leaving, left) = (leaving, arriving, 0);
    }
}
