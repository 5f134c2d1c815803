using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Access;

/// <summary>Who has come to an event. Thread-safe.</summary>
public interface IAttendance
{
    /// <summary>
    /// Makes an attendee of somebody who uses an event for the first time. Idempotent: however often and however
    /// concurrently it is called for one name, there is one attendee; and never more of them than the event's cap.
    /// </summary>
    /// <returns>The attendee, or null where the event is full.</returns>
    /// <exception cref="StorageUnavailableException">It could not be written down.</exception>
    ValueTask<Attendee?> EnterAsync(Event @event, string attendeeName, CancellationToken cancellation);
}
