using OpenAIProxy.Domain.Access;
using OpenAIProxy.Storage.Sql.Access;

namespace OpenAIProxy.Storage.Tokens;

/// <summary>What is known of a token: never the token.</summary>
public sealed record TokenView(
    long Id,
    string Name,
    ApiRole Role,
    string? Organiser,
    string Hint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? Expires,
    DateTimeOffset? Revoked,
    KeyState State);
