namespace OpenAIProxy.Domain.Limits;

/// <summary>Whose use a limit counts together. The numbers are stored: never change one.</summary>
public enum LimitScope
{
    /// <summary>Each attendee for themselves.</summary>
    Attendee = 0,

    /// <summary>Everybody in the event.</summary>
    Event = 1,

    /// <summary>Everybody, on each model for itself.</summary>
    Model = 2,

    /// <summary>Each attendee for themselves, on each model for itself.</summary>
    AttendeeModel = 3,
}
