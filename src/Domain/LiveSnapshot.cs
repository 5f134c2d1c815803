namespace OpenAIProxy.Domain;

/// <summary>Where the snapshot of this moment is. A request looks once. Thread-safe.</summary>
public sealed class LiveSnapshot
{
    private Snapshot current = Snapshot.Empty;

    /// <summary>Raised after a newer snapshot is in place, by whoever put it there: listeners must be quick and must not throw.</summary>
    public event Action? Replaced;

    public Snapshot Current => Volatile.Read(ref current);

    /// <summary>Puts a newer snapshot in place; an older one is passed over, so that two loads may race.</summary>
    public void Replace(Snapshot snapshot)
    {
        var seen = Current;
        while (snapshot.Version >= seen.Version)
        {
            var before = Interlocked.CompareExchange(ref current, snapshot, seen);
            if (ReferenceEquals(before, seen))
            {
                Replaced?.Invoke();
                return;
            }
            seen = before;
        }
    }
}
