namespace OpenAIProxy.Domain.Events;

/// <summary>Where in its life an event is. The numbers are stored: never change one.</summary>
public enum EventState
{
    /// <summary>Being prepared; nobody is let in.</summary>
    Draft = 0,

    /// <summary>Lets people in while its window is open.</summary>
    Open = 1,

    /// <summary>Stopped by its organiser for a while.</summary>
    Paused = 2,

    /// <summary>Ended by its organiser, whatever its window says.</summary>
    Closed = 3,

    /// <summary>Kept for its reports only.</summary>
    Archived = 4,
}
