namespace OpenAIProxy.Domain.Access;

/// <summary>What a key gives: to whom it belongs and until when it works.</summary>
/// <param name="Expires">The first moment at which it works no more; null is never (the event's window still holds).</param>
public sealed record KeyGrant(long AttendeeId, DateTimeOffset? Expires);
