using OpenAIProxy.Storage.Sql.Access;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by issuedAt (the default), user or expiresAt; searches users and hints.</summary>
public sealed record KeyQuery : PageQuery
{
    public long? AttendeeId { get; init; }

    public KeyState? State { get; init; }
}
