using System.Text;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// A signed token as it was sent, taken apart but not believed: what it says counts only when <see cref="TokenValidator"/>
/// has found who signed it. A class and no record, so that nothing prints it.
/// </summary>
internal sealed class Jwt
{
    /// <summary>The longest token that is read, in characters; Entra ID's are 1,500 to 4,000, and with 200 groups less than 12,000.</summary>
    public const int MaxLength = 16 * 1024;

    // Where a token would have us take the key from: whoever makes a token must not choose what it is checked with.
    private static readonly string[] NamedKeys = ["jku", "jwk", "x5u", "x5c"];
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    private Jwt(string text, byte[] signature, string algorithm, string keyId, TokenPart claims)
    {
        Hash = KeyHash.Of(text);
        SignedBytes = Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]);
        Signature = signature;
        Algorithm = algorithm;
        KeyId = keyId;
        Issuer = claims.Text("iss");
        Audiences = claims.Texts("aud");
        Tenant = claims.Text("tid");
        Person = claims.Text("oid") ?? claims.Text("sub");
        Expires = claims.Seconds("exp");
        NotBefore = claims.Seconds("nbf");
        IssuedAt = claims.Seconds("iat");
        Groups = claims.Texts("groups");
        Roles = claims.Texts("roles");
        LacksGroups = claims.IsTrue("hasgroups") || claims.Has("_claim_names", "groups");
    }

    /// <summary>Of the whole token, signature and all.</summary>
    public KeyHash Hash { get; }

    public byte[] SignedBytes { get; }

    public byte[] Signature { get; }

    /// <summary>One of <see cref="SigningKey.Algorithms"/>.</summary>
    public string Algorithm { get; }

    public string KeyId { get; }

    public string? Issuer { get; }

    public IReadOnlyList<string> Audiences { get; }

    public string? Tenant { get; }

    /// <summary>The person's id in the directory, or where there is none their id for the application.</summary>
    public string? Person { get; }

    /// <summary>Seconds since 1970, as the other times are.</summary>
    public long? Expires { get; }

    public long? NotBefore { get; }

    public long? IssuedAt { get; }

    public IReadOnlyList<string> Groups { get; }

    public IReadOnlyList<string> Roles { get; }

    /// <summary>Whether the person is in more groups than Entra ID puts into a token, so that it says only where to ask for them.</summary>
    public bool LacksGroups { get; }

    public static Result<Jwt> Parse(string text)
    {
        if (text.Length > MaxLength)
            return Refuse.MalformedToken($"it is longer than {MaxLength} characters");
        var parts = text.Split('.');
        if (parts.Length == 5)
            return Refuse.MalformedToken("it is encrypted; only signed ones are taken");
        if (parts.Length != 3)
            return Refuse.MalformedToken("it has not the three parts of a signed token");
        if (!TokenPart.TryRead(parts[0], out var header))
            return Refuse.MalformedToken("its header is not base64url of one JSON object without a name twice");
        using (header)
        {
            if (RefusalOf(header) is { } refusal)
                return refusal;
            return ParseClaims(text, parts, header.Text("alg")!, header.Text("kid")!);
        }
    }

    private static Refusal? RefusalOf(TokenPart header)
    {
        if (header.Text("alg") is not { } algorithm || !SigningKey.Algorithms.Contains(algorithm))
            return Refuse.TokenAlgorithm();
        if (NamedKeys.Any(header.Has))
            return Refuse.TokenNamesKey();
        if (header.Has("crit"))
            return Refuse.MalformedToken("its header asks for what this server does not know ('crit')");
        if (header.Text("typ") is { } type && !Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return Refuse.MalformedToken("its type ('typ') is not 'JWT' or 'at+jwt'");
        if (string.IsNullOrEmpty(header.Text("kid")))
            return Refuse.MalformedToken("its header does not say which key signed it ('kid')");
        return header.Fault is { } fault ? Refuse.MalformedToken(fault) : null;
    }

    private static Result<Jwt> ParseClaims(string text, string[] parts, string algorithm, string keyId)
    {
        if (!TokenPart.TryRead(parts[1], out var claims))
            return Refuse.MalformedToken("its claims are not base64url of one JSON object without a name twice");
        using (claims)
        {
            if (!Base64UrlText.TryDecode(parts[2], out var signature))
                return Refuse.MalformedToken("its signature is not base64url");
            var token = new Jwt(text, signature, algorithm, keyId, claims);
            return claims.Fault is { } fault ? Refuse.MalformedToken(fault) : token;
        }
    }
}
