namespace OpenAIProxy.Storage.Sqlite;

/// <summary>
/// Whether the call that the writer makes into SQLite comes back. How long a transaction is open says nothing: a document of thousands of events is thousands of calls,
/// each of which is back at once. Noted by whoever has the turn to write; anybody may ask.
/// </summary>
internal sealed class WriterCalls
{
    /// <summary>No single call takes as long on a disk that works, nor the commit of the largest document on a slow one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const long None = long.MinValue;

    private readonly TimeProvider time;
    private readonly Ending ending;
    private long since = None;
    private int depth;

    public WriterCalls(TimeProvider time) => (this.time, ending) = (time, new Ending(this));

    public bool IsStuck => Volatile.Read(ref since) is var begun && begun != None && time.GetElapsedTime(begun) >= Longest;

    /// <returns>What to dispose when the call is back. Calls made meanwhile are parts of this one.</returns>
    public IDisposable Begin()
    {
        if (depth++ == 0)
            Volatile.Write(ref since, time.GetTimestamp());
        return ending;
    }

    private sealed class Ending(WriterCalls calls) : IDisposable
    {
        public void Dispose()
        {
            if (--calls.depth == 0)
                Volatile.Write(ref calls.since, None);
        }
    }
}
