using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// Says whose token it is, or why it does not let in. In this order: (1) the key, among the issuer's own; (2) the signature;
/// (3) issuer and tenant; (4) audience; (5) lifetime; (6) the person; (7) groups and roles. What the token says is looked at
/// only when its signature is right. That its form and algorithm are right, it shows by being a <see cref="Jwt"/>.
/// </summary>
internal sealed class TokenValidator(KeySets keySets, TimeProvider time)
{
    /// <summary>How far the clocks of the identity provider and this server may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Steps 1 and 2.</summary>
    /// <returns>Null where the issuer signed the token; else it is forged, or its key cannot be had.</returns>
    public async ValueTask<Refusal?> VerifyAsync(Jwt token, TokenAdmission admission, CancellationToken cancellation)
    {
        // 1.
        if ((await keySets.Of(TokenIssuer.Of(admission)).FindAsync(token.KeyId, cancellation)).IsRefused(out var noKey, out var key))
            return noKey;
        // 2.
        if (!key.Fits(token.Algorithm))
            return Refuse.TokenKeyUnfit();
        return key.HasSigned(token) ? null : Refuse.TokenSignature();
    }

    /// <summary>Steps 3 to 7, for a token that was verified.</summary>
    public Result<TokenHolder> Check(Jwt token, TokenAdmission admission)
    {
        // 3.
        var issuer = TokenIssuer.Of(admission);
        if (!issuer.Issued(token))
            return Refuse.TokenIssuer();
        if (token.Tenant != issuer.Tenant)
            return Refuse.TokenTenant();
        // 4.
        if (!token.Audiences.Any(admission.Audiences.Contains))
            return Refuse.TokenAudience(admission.Audiences);
        // 5.
        if (RefusalOfTimes(token) is { } notNow)
            return notNow;
        // 6.
        if (UserOf(token) is not { } user)
            return Refuse.MalformedToken("neither 'oid' nor 'sub' says whose it is");
        // 7.
        return RefusalOfGroups(token, admission) is { } notIn ? notIn : new TokenHolder(user);
    }

    // Never added to what the token says: that may be any number.
    private Refusal? RefusalOfTimes(Jwt token)
    {
        var now = time.GetUtcNow();
        var (late, early) = ((now - Skew).ToUnixTimeSeconds(), (now + Skew).ToUnixTimeSeconds());
        if (token.Expires is not { } expires)
            return Refuse.MalformedToken("it does not say when it expires ('exp')");
        if (expires <= late)
            return Refuse.TokenExpired();
        return token.NotBefore > early || token.IssuedAt > early ? Refuse.TokenNotYetValid() : null;
    }

    // One spelling for one person: an id that would be trimmed or normalised is nobody's.
    private static UserId? UserOf(Jwt token)
    {
        if (string.IsNullOrEmpty(token.Person))
            return null;
        var name = TokenHolder.Prefix + token.Person;
        return UserId.TryParse(name, out var user) && user.Value == name ? user : null;
    }

    private static Refusal? RefusalOfGroups(Jwt token, TokenAdmission admission)
    {
        if (admission is { Groups.Count: 0, Roles.Count: 0 })
            return null;
        if (token.Groups.Any(admission.Groups.Contains) || token.Roles.Any(admission.Roles.Contains))
            return null;
        return token.LacksGroups && admission.Groups.Count > 0 ? Refuse.TokenLacksGroups() : Refuse.TokenNotInGroups();
    }
}
