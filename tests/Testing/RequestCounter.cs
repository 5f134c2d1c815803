using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Testing;

/// <summary>Counts the requests of one server at the moment when they come, so that one that is being answered is counted too. Thread-safe.</summary>
public sealed class RequestCounter : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly MeterListener listener = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> awaited = [];
    private readonly Lock gate = new();
    private int count;

    public RequestCounter(IServiceProvider server)
    {
        // Each server of this process has a factory of its own, and meters that are told by it.
        var factory = server.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (instrument is { Name: "http.server.active_requests", Meter.Name: "Microsoft.AspNetCore.Hosting" } && ReferenceEquals(instrument.Meter.Scope, factory))
                mine.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) => Add(change));
        listener.Start();
    }

    public int Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    /// <summary>Completes when so many requests have come.</summary>
    /// <exception cref="TimeoutException">They did not come within 30 seconds.</exception>
    public Task UntilAsync(int wanted)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            awaited.Add((wanted, reached));
            Announce();
        }
        return reached.Task.WaitAsync(LongestWait);
    }

    public void Dispose() => listener.Dispose();

    private void Add(long change)
    {
        if (change <= 0)
            return;
        lock (gate)
        {
            count++;
            Announce();
        }
    }

    private void Announce()
    {
        foreach (var (_, reached) in awaited.Where(a => a.Count <= count))
            reached.TrySetResult();
        awaited.RemoveAll(a => a.Reached.Task.IsCompleted);
    }
}
