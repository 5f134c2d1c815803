namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>A new key. Only its hash is stored: nobody can ask for it again.</summary>
/// <param name="User">
/// The user id as it was given, also where the event stores only its hash. Nobody gives one for a key that takes another's place: it has the name that is stored.
/// </param>
public sealed record IssuedKey(long Id, string Key, long AttendeeId, string User, string Hint, DateTimeOffset Issued, DateTimeOffset? Expires)
{
    // Records print their members; a key must not end up in a log that way.
    public override string ToString() => $"IssuedKey({Id}, …{Hint})";
}
