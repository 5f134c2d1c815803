namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>What is known of a key: never the key.</summary>
/// <param name="User">Under which name the event knows its owner; null once they are removed.</param>
/// <param name="Hint">Its last 4 characters, by which people recognise it.</param>
/// <param name="Expires">The first moment at which it works no more; null is never.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
public sealed record KeyView(
    long Id,
    long AttendeeId,
    string? User,
    string Hint,
    DateTimeOffset Issued,
    DateTimeOffset? Expires,
    DateTimeOffset? Revoked,
    KeyState State);
