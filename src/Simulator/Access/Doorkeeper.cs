using System.Collections.Frozen;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Identity;

namespace OpenAIProxy.Simulator.Access;

/// <summary>Takes any non-empty key, or only the keys it was given; and the tokens of the simulator's own Entra.</summary>
internal sealed class Doorkeeper(IReadOnlyList<string> keys, TokenJudge judge)
{
    private const string Bearer = "Bearer ";
    private readonly FrozenSet<string> known = keys.ToFrozenSet(StringComparer.Ordinal);

    /// <returns>Null if the request may come in.</returns>
    public Problem? Refuse(HttpRequest request, bool isV1)
    {
        if (request.Headers["api-key"] is [{ Length: > 0 } key])
            return Knows(key) ? null : AzureProblems.WrongKey;
        if (request.Headers.Authorization is not [{ } authorization] || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AzureProblems.WrongKey;
        var bearer = authorization[Bearer.Length..].Trim();
        // Only the v1 surface takes a key as a bearer; elsewhere a bearer is a token.
        var isGood = Jwt.IsLike(bearer) || !isV1 ? judge.Believes(bearer, request) : bearer.Length > 0 && Knows(bearer);
        return isGood ? null : AzureProblems.WrongToken;
    }

    private bool Knows(string key) => known.Count == 0 || known.Contains(key);
}
