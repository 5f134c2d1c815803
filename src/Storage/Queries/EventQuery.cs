using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by code, name, start (the default), end, createdAt or changedAt; searches code, name and organiser.</summary>
public sealed record EventQuery : PageQuery
{
    public EventState? State { get; init; }

    public string? Owner { get; init; }
}
