namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>Counts what all clients of a round have seen, and does at a count what somebody wants to be done then. Thread-safe.</summary>
internal sealed class Counter
{
    private readonly Lock gate = new();
    private readonly List<(long Count, Action Act)> waiting = [];
    private long count;

    public void Add(long more)
    {
        List<(long Count, Action Act)> reached;
        lock (gate)
        {
            count += more;
            reached = [.. waiting.Where(w => w.Count <= count)];
            waiting.RemoveAll(w => w.Count <= count);
        }
        foreach (var (_, act) in reached)
            act();
    }

    /// <summary>Acts as soon as so many more are counted, on the thread that counts them: nothing comes between.</summary>
    public void After(long more, Action act)
    {
        lock (gate)
            waiting.Add((count + more, act));
    }
}
