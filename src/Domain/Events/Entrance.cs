namespace OpenAIProxy.Domain.Events;

/// <summary>How people come in to an event. The numbers are stored: never change one.</summary>
public enum Entrance
{
    /// <summary>Any user id with the event code: <c>EVENT/USER</c>.</summary>
    AnyUser = 0,

    /// <summary>Any user id with the event code and its shared secret: <c>EVENT@SECRET/USER</c>.</summary>
    SharedSecret = 1,

    /// <summary>Only with a key that an organiser gave out.</summary>
    KeyOnly = 2,
}
