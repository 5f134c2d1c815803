using System.Collections.Concurrent;
using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Storage.Tokens;

/// <summary>The tokens of the management API by their hash; loaded at the start, then each change tells what it must know. Thread-safe.</summary>
public sealed class ApiTokens
{
    private readonly ConcurrentDictionary<KeyHash, TokenGrant> grants = new();
    private readonly TimeProvider time;

    internal ApiTokens(TimeProvider time) => this.time = time;

    /// <returns>What the token gives, or null where there is no such token, or it is revoked or expired.</returns>
    public TokenGrant? Find(string token) =>
        ApiToken.IsWellFormed(token) && grants.TryGetValue(KeyHash.Of(token), out var grant) && !(time.GetUtcNow() >= grant.Expires) ? grant : null;

    internal void Put(KeyHash hash, TokenGrant grant) => grants[hash] = grant;

    internal void Remove(KeyHash hash) => grants.TryRemove(hash, out _);
}
