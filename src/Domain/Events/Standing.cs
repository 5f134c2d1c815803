namespace OpenAIProxy.Domain.Events;

/// <summary>Whether an event lets people in at a moment, and if not, why not.</summary>
public enum Standing
{
    Open,
    Draft,
    NotYetOpen,
    Paused,
    Closed,
    Over,
}
