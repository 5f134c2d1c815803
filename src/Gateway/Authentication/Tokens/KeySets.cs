using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>The keys of every issuer whose tokens some event admits, from the first token on. Thread-safe.</summary>
internal sealed class KeySets(IdentityProvider provider, ILogger<KeySets> logger, TimeProvider time)
{
    // As many as there have been in the configuration: no token adds one.
    private readonly ConcurrentDictionary<TokenIssuer, IssuerKeys> sets = new();

    public IssuerKeys Of(TokenIssuer issuer) => sets.GetOrAdd(issuer, static (issuer, parts) => new IssuerKeys(issuer, parts.provider, parts.logger, parts.time), (provider, logger, time));
}
