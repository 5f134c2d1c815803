using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>A limit of a document: it has no id, because what it counts, for whom and for how long tells it apart.</summary>
public sealed record ConfiguredLimit
{
    public required LimitScope Scope { get; init; }

    public required LimitUnit Unit { get; init; }

    public LimitWindow Window { get; init; } = LimitWindow.Event;

    /// <summary>0 to <see cref="Limit.MaxCap"/> in the unit; money in micro-dollars.</summary>
    public required long Cap { get; init; }

    /// <summary>Null is every model.</summary>
    public string? Model { get; init; }

    internal static ConfiguredLimit Of(Limit limit) => new() { Scope = limit.Scope, Unit = limit.Unit, Window = limit.Window, Cap = limit.Cap, Model = limit.Model };

    /// <summary>Makes the event's limits those: what is alike gets the cap, what is missing is added, all else goes.</summary>
    internal static async Task ApplyAsync(Change change, EventCode code, IReadOnlyList<ConfiguredLimit> wanted)
    {
        if (wanted.Select(w => w.Limit()).GroupBy(Kind).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ChangeRefusedException("Limits", $"there are two for {twice.First().Scope}, {twice.First().Unit} and {twice.First().Window}: give one.");
        var known = (await change.Limits.ListAsync(code)).ToDictionary(Kind);
        foreach (var limit in wanted.Select(w => w.Limit()))
            if (!known.Remove(Kind(limit), out var same))
                await change.Limits.AddAsync(code, limit);
            else if (same.Cap != limit.Cap)
                await change.Limits.SetCapAsync(code, same.Id, limit.Cap);
        foreach (var gone in known.Values)
            await change.Limits.DeleteAsync(code, gone.Id);
    }

    private static (LimitScope, LimitUnit, LimitWindow, string?) Kind(Limit limit) => (limit.Scope, limit.Unit, limit.Window, limit.Model?.ToUpperInvariant());

    private Limit Limit() => new(0, Scope, Unit, Window, Cap, Model);
}
