namespace OpenAIProxy.Storage.Refusals;

/// <summary>How often it was refused, all together and in groups that add up to it.</summary>
/// <param name="Count">Of all groups, on whatever page they are.</param>
public sealed record RefusalView(long Count, Queries.Page<RefusalGroup> Groups);

/// <summary>How often it was refused of one of what was asked for; what it was not grouped by is null.</summary>
/// <param name="Event">The event's code; empty where nobody knows whose request it was.</param>
/// <param name="Reason">The refusal's code.</param>
/// <param name="From">When the minute, hour or day begins, by the event's clock.</param>
public sealed record RefusalGroup(string? Event, string? Reason, DateTimeOffset? From, long Count);
