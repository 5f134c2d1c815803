using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Storage.Tokens;

/// <summary>What a token gives.</summary>
/// <param name="Organiser">Whose events it opens; null for administrators.</param>
/// <param name="Expires">The first moment at which it works no more; null is never.</param>
public sealed record TokenGrant(string Name, ApiRole Role, string? Organiser, DateTimeOffset? Expires);
