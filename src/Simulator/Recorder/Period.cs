using System.Collections.Concurrent;

namespace OpenAIProxy.Simulator.Recorder;

/// <summary>
/// All that happened since the last reset. A request belongs to the period it began in: one that ends after a reset does not
/// appear in counts it never began in.
/// </summary>
internal sealed class Period
{
    private const int MostEntries = 10_000;
    private const long MostBodyBytes = 64L * 1024 * 1024;
    private readonly Lock gate = new();
    private readonly Queue<Entry> entries = new();
    private long bodyBytes;

    public Tally Total { get; } = new();

    public ConcurrentDictionary<string, Tally> TalliesByDeployment { get; } = new();

    public Milestone Started { get; } = new();

    public Milestone Ended { get; } = new();

    public Milestone Held { get; } = new();

    public void Begin(Entry entry)
    {
        Total.Begin();
        if (entry.Deployment is { } deployment)
            TallyOf(deployment.Name).Begin();
        if (entry.IsKept)
            Keep(entry);
        Started.Pass();
    }

    public void Book(Entry entry, EntryState end)
    {
        Total.End(entry, end);
        if (entry.Deployment is { } deployment)
            TallyOf(deployment.Name).End(entry, end);
        Ended.Pass();
    }

    public Entry[] Entries()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    private Tally TallyOf(string deployment) => TalliesByDeployment.GetOrAdd(deployment, static _ => new Tally());

    private void Keep(Entry entry)
    {
        lock (gate)
        {
            entries.Enqueue(entry);
            bodyBytes += entry.Body.Length;
            while (entries.Count > MostEntries || (bodyBytes > MostBodyBytes && entries.Count > 1))
                bodyBytes -= entries.Dequeue().Body.Length;
        }
    }
}
