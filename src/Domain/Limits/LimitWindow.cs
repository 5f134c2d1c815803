namespace OpenAIProxy.Domain.Limits;

/// <summary>How long a limit counts before it begins anew: by the calendar of the event's time zone. The numbers are stored: never change one.</summary>
public enum LimitWindow
{
    Minute = 0,
    Hour = 1,
    Day = 2,

    /// <summary>The whole event: never anew.</summary>
    Event = 3,
}
