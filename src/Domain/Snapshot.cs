using System.Collections.Frozen;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain;

/// <summary>All configuration that requests need, immutable and replaced whole: no request can see two versions of it.</summary>
public sealed class Snapshot
{
    public static readonly Snapshot Empty = new(0, [], []);

    private readonly FrozenDictionary<string, Event> events;

    /// <param name="version">Grows with every change of the configuration.</param>
    public Snapshot(long version, IEnumerable<Event> events, IReadOnlyList<Backend> backends)
    {
        Version = version;
        Backends = backends;
        this.events = events.ToFrozenDictionary(e => e.Code.Value);
    }

    public long Version { get; }

    public IReadOnlyList<Backend> Backends { get; }

    public IEnumerable<Event> Events => events.Values;

    public Event? FindEvent(EventCode code) => events.GetValueOrDefault(code.Value);
}
