using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Whose use is added up. Times are about whole hours of the event's clock: those that begin in them.</summary>
public sealed record UsageQuery
{
    /// <summary>Null is all events that the viewer sees.</summary>
    public EventCode? Event { get; init; }

    /// <summary>Null is everybody.</summary>
    public long? Attendee { get; init; }

    /// <summary>At or after this moment.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Null is the sum alone.</summary>
    public UsageGrouping? GroupBy { get; init; }
}

/// <summary>By what use is parted.</summary>
public enum UsageGrouping
{
    Event,
    Attendee,
    Model,
    Operation,

    /// <summary>By the hour of the event's clock.</summary>
    Hour,

    /// <summary>By the date in the event's time zone.</summary>
    Day,
}
