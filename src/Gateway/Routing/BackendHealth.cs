using System.Collections.Concurrent;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Routing;

/// <summary>How a backend did the last time it was asked.</summary>
/// <param name="Problem">What was wrong, for the operator; null where nothing was.</param>
public sealed record BackendState(string Backend, string? Problem, DateTimeOffset Since);

/// <summary>What the gateway knows of its backends from the requests it sent them. Thread-safe.</summary>
public sealed class BackendHealth : IDisposable
{
    private readonly ConcurrentDictionary<string, BackendState> states = new(StringComparer.Ordinal);
    private readonly LiveSnapshot live;
    private readonly TimeProvider time;

    public BackendHealth(LiveSnapshot live, TimeProvider time)
    {
        (this.live, this.time) = (live, time);
        live.Replaced += Forget;
    }

    /// <summary>Of those backends that the configuration has.</summary>
    public IEnumerable<BackendState> States => live.Current.Backends.Select(b => states.GetValueOrDefault(b.Name)).OfType<BackendState>();

    public void Answered(Backend backend) => Note(backend.Name, null);

    public void Failed(Backend backend, string problem) => Note(backend.Name, problem);

    public void Dispose() => live.Replaced -= Forget;

    private void Note(string backend, string? problem)
    {
        if (states.TryGetValue(backend, out var state) && state.Problem == problem)
            return;
        states[backend] = new BackendState(backend, problem, time.GetUtcNow());
    }

    // A request that is on its way to what was removed may bring it back: the next change takes it.
    private void Forget()
    {
        var known = live.Current.Backends.Select(b => b.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in states.Keys.Where(name => !known.Contains(name)))
            states.TryRemove(name, out _);
    }
}
