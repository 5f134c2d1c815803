using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Storage.Tokens;

/// <param name="Name">1 to 128 characters; who it is in the audit trail.</param>
/// <param name="Organiser">Whose events it opens; only and always with <see cref="ApiRole.Organiser"/>.</param>
/// <param name="Expires">In the future; null is never.</param>
public sealed record TokenDefinition(string Name, ApiRole Role, string? Organiser = null, DateTimeOffset? Expires = null);
