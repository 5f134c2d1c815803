using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>Whose token it is.</summary>
/// <param name="User">The user id: <see cref="Prefix"/>, then the token's <c>oid</c>, or its <c>sub</c> where it has none.</param>
internal sealed record TokenHolder(UserId User)
{
    /// <summary>What user ids of token holders begin with; nobody gets in under such a name by a code.</summary>
    public const string Prefix = "entra:";
}
