using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Which refusals are counted. In the order of time where they are parted by it, and else the most frequent first; it takes no other order, and no search.</summary>
public sealed record RefusalQuery : PageQuery
{
    /// <summary>Null is all events that the viewer sees.</summary>
    public EventCode? Event { get; init; }

    /// <summary>Only those of this code; null is any.</summary>
    public string? Reason { get; init; }

    /// <summary>In the minutes that begin at or after this moment.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>In the minutes that begin before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Null is by time alone.</summary>
    public RefusalGrouping? GroupBy { get; init; }

    /// <summary>Null is whenever it was.</summary>
    public RefusalInterval? Interval { get; init; }
}

/// <summary>By what refusals are parted.</summary>
public enum RefusalGrouping
{
    Reason,
    Event,
}

/// <summary>By which stretches of time refusals are parted.</summary>
public enum RefusalInterval
{
    Minute,

    /// <summary>The hour of the event's clock.</summary>
    Hour,

    /// <summary>The day in the event's time zone.</summary>
    Day,
}
