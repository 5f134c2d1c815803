using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>
/// The attack table: how a token is made, and what becomes of it. Each check of the validator has a row that fails when the
/// check is taken out, which is why rows differ from a good token in one thing only and are rightly signed where they can be.
/// </summary>
internal static class TokenAttacks
{
    public const int In = 200;

    /// <summary>The event that admits the whole tenant.</summary>
    public const string Everybody = "everybody";

    /// <summary>The event that admits two groups and a role.</summary>
    public const string Grouped = "grouped";

    /// <summary>The event that admits a role.</summary>
    public const string WithRoles = "with-roles";

    public const string Role = "Attendee";

    public static readonly IReadOnlyList<string> GroupIds = ["0d6a1f52-0000-4000-8000-000000000001", "0d6a1f52-0000-4000-8000-000000000002"];

    private const string OtherGroup = "0d6a1f52-0000-4000-8000-000000000009";

    private static readonly TestKey Attacker = TestKey.Rsa("attacker");
    private static readonly TestKey AttackerAsIssuer = TestKey.Rsa(LocalIssuer.Rsa.Id);
    private static readonly TestKey AttackerCurve = TestKey.Curve(LocalIssuer.Curve.Id);

    public static IReadOnlyList<TokenAttack> All { get; } = [.. Good(), .. Form(), .. Headers(), .. Signatures(), .. Claims(), .. Times(), .. People(), .. Groups()];

    private static IEnumerable<TokenAttack> Good()
    {
        yield return Row("RS256", In, t => t.Write());
        yield return Row("PS256", In, t => t.Sign(LocalIssuer.Rsa, "PS256").Write());
        yield return Row("ES256", In, t => t.Sign(LocalIssuer.Curve, "ES256").Write());
        yield return Row("one of the audiences", In, t => With(t, "aud", new JsonArray("api://other", LocalIssuer.Audience)));
        yield return Row("the second audience of the event", In, t => With(t, "aud", "another"));
        yield return Row("an access token's type", In, t => WithHeader(t, "typ", "at+jwt"));
        yield return Row("no type", In, t => WithoutHeader(t, "typ"));
        yield return Row("sub where there is no oid", In, t => Without(t, "oid"));
        yield return Row("as long as may be", In, t => Long(t, 16 * 1024));
    }

    private static IEnumerable<TokenAttack> Form()
    {
        yield return Row("too long by one", "token_malformed", t => Long(t, (16 * 1024) + 1));
        yield return Row("two parts", "token_malformed", t => t.Write()[..t.Write().LastIndexOf('.')]);
        yield return Row("four parts", "token_malformed", t => t.Write() + ".AAAA");
        yield return Row("encrypted", "token_malformed", t => $"{TokenDraft.Encode("""{"alg":"RSA-OAEP","enc":"A256GCM"}""")}.AAAA.AAAA.AAAA.AAAA") with { Says = "encrypted" };
        yield return Row("padded signature", "token_malformed", t => t.Write() + "==");
        yield return Row("a second spelling of the signature", "token_malformed", SpeltOtherwise);
        yield return Row("a signature that is no base64url", "token_malformed", t => t.Write()[..^2] + "+A");
        yield return Row("a space inside", "token_malformed", t => t.Write().Insert(t.Write().Length - 8, " "));
        yield return Row("padded header", "token_malformed", t => Raw(t, header: TokenDraft.Encode("""{"alg":"RS256","kid":"rsa" }""") + "="));
        yield return Row("a header that is no JSON", "token_malformed", t => Raw(t, header: TokenDraft.Encode("{\"alg\":\"RS256\",")));
        yield return Row("a key named twice", "token_malformed", t => Raw(t, header: TokenDraft.Encode("""{"alg":"RS256","kid":"attacker","kid":"rsa"}""")));
        yield return Row("claims that are no JSON", "token_malformed", t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString() + "}")));
        yield return Row("claims that are no object", "token_malformed", t => Raw(t, claims: TokenDraft.Encode("\"claims\"")));
        yield return Row("an audience twice", "token_malformed", t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString()[..^1] + ""","aud":"api://hackathon"}""")));
        yield return Row("an audience twice, once in disguise", "token_malformed", t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString()[..^1] + ""","\u0061ud":"api://hackathon"}""")));
        yield return Row("claims with bytes that are no UTF-8", "token_malformed",
            t => Raw(t, claims: Base64Url.EncodeToString([.. Encoding.UTF8.GetBytes(t.Claims.ToJsonString()[..^1] + ",\"name\":\""), 0xff, .. "\"}"u8])));
        yield return Row("claims that are too deep", "token_malformed",
            t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString()[..^1] + ",\"deep\":" + new string('[', 16) + new string(']', 16) + "}")));
        yield return Row("a name with half a character", "token_malformed", t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString()[..^1] + ""","\ud800":1,"\ud800":1}""")));
        yield return Row("a person with half a character", "token_malformed",
            t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString().Replace(TokenDraft.Person, "\\ud800", StringComparison.Ordinal))));
    }

    private static IEnumerable<TokenAttack> Headers()
    {
        foreach (var none in new[] { "none", "None", "NONE", "" })
            yield return Row($"algorithm '{none}'", "token_algorithm", t => WithHeader(t, "alg", none));
        yield return Row("no algorithm", "token_algorithm", t => WithoutHeader(t, "alg"));
        yield return Row("an algorithm that is a number", "token_algorithm", t => WithHeader(t, "alg", 256));
        yield return Row("HMAC with the public key for a secret", "token_algorithm", t => t.Sign(LocalIssuer.Rsa, "HS256").Write());
        yield return Row("an algorithm that Entra ID does not use", "token_algorithm", t => t.Sign(LocalIssuer.Rsa, "RS384").Write());
        foreach (var name in new[] { "jku", "x5u" })
        {
            yield return Row($"rightly signed but with {name}", "token_names_key", t => WithHeader(t, name, "https://keys.attacker.example/keys"));
            yield return Row($"the attacker's key at {name}", "token_names_key", t => WithHeader(t.Sign(AttackerAsIssuer, "RS256"), name, "https://keys.attacker.example/keys"));
        }
        yield return Row("the attacker's key inside, jwk", "token_names_key", t => WithHeader(t.Sign(AttackerAsIssuer, "RS256"), "jwk", AttackerAsIssuer.Published));
        yield return Row("rightly signed but with x5c", "token_names_key", t => WithHeader(t, "x5c", new JsonArray("MIIB")));
        yield return Row("something critical", "token_malformed", t => WithHeader(t, "crit", new JsonArray("exp")));
        yield return Row("another type", "token_malformed", t => WithHeader(t, "typ", "dpop+jwt"));
        yield return Row("a type that is no text", "token_malformed", t => WithHeader(t, "typ", 1));
        yield return Row("no key named", "token_malformed", t => WithoutHeader(t, "kid"));
        yield return Row("an empty key id", "token_malformed", t => WithHeader(t, "kid", ""));
    }

    private static IEnumerable<TokenAttack> Signatures()
    {
        yield return Row("an unknown key", "token_key_unknown", t => t.Sign(Attacker, "RS256").Write());
        yield return Row("a key id in other letters", "token_key_unknown", t => WithHeader(t, "kid", "RSA"));
        yield return Row("the attacker's key under the issuer's id", "token_signature", t => t.Sign(AttackerAsIssuer, "RS256").Write());
        yield return Row("the attacker's curve under the issuer's id", "token_signature", t => t.Sign(AttackerCurve, "ES256").Write());
        yield return Row("RS256 that says PS256", "token_signature", t => Lying(t.Sign(LocalIssuer.Rsa, "PS256"), "RS256"));
        yield return Row("ES256 as X.509 writes it", "token_signature", t => Lying(t.Sign(LocalIssuer.Curve, "ES256"), "ES256 as X.509 writes it"));
        yield return Row("ES256 by an RSA key", "token_key_unfit", t => Lying(t.Sign(LocalIssuer.Rsa, "ES256"), "RS256"));
        yield return Row("RS256 by a curve", "token_key_unfit", t => Lying(t.Sign(LocalIssuer.Curve, "RS256"), "ES256"));
        yield return Row("no signature", "token_signature", t => t.Write()[..(t.Write().LastIndexOf('.') + 1)]);
        yield return Row("half a signature", "token_signature", t => Half(t));
        yield return Row("another person written in", "token_signature", t => Swap(t, c => c["oid"] = "ab12cd34-0000-4000-8000-00000000a002"));
        yield return Row("a longer life written in", "token_signature", t => Swap(t, c => c["exp"] = t.At(7200)));
        yield return Row("another header", "token_signature", t => SwapHeader(t, h => h["typ"] = "at+jwt"));
    }

    private static IEnumerable<TokenAttack> Claims()
    {
        yield return Row("another issuer", "token_issuer", t => With(t, "iss", $"https://login.attacker.example/{LocalIssuer.Tenant}/v2.0"));
        yield return Row("an issuer that begins like ours", "token_issuer", t => With(t, "iss", (string)t.Claims["iss"]! + "/"));
        yield return Row("the first version's issuer, which only Microsoft's cloud has", "token_issuer", t => With(t, "iss", $"https://sts.windows.net/{LocalIssuer.Tenant}/"));
        yield return Row("no issuer", "token_issuer", t => Without(t, "iss"));
        yield return Row("an issuer that is no text", "token_malformed", t => With(t, "iss", new JsonArray((string)t.Claims["iss"]!)));
        yield return Row("another tenant", "token_tenant", t => With(t, "tid", "00000000-8f1b-4c3a-9d57-0b6c1e2f3a4d"));
        yield return Row("no tenant", "token_tenant", t => Without(t, "tid"));
        yield return Row("another audience", "token_audience", t => With(t, "aud", "https://graph.microsoft.com"));
        yield return Row("an audience in other letters", "token_audience", t => With(t, "aud", "API://hackathon"));
        yield return Row("other audiences", "token_audience", t => With(t, "aud", new JsonArray("a", "b")));
        yield return Row("no audience", "token_audience", t => Without(t, "aud"));
        yield return Row("an empty list of audiences", "token_audience", t => With(t, "aud", new JsonArray()));
        yield return Row("a list of audiences with a number in it", "token_malformed", t => With(t, "aud", new JsonArray(LocalIssuer.Audience, 1)));
        yield return Row("an audience that is an object", "token_malformed", t => With(t, "aud", new JsonObject { [LocalIssuer.Audience] = LocalIssuer.Audience }));
    }

    private static IEnumerable<TokenAttack> Times()
    {
        yield return Row("expired within the skew", In, t => With(t, "exp", t.At(-59)));
        yield return Row("expired", "token_expired", t => With(t, "exp", t.At(-60)));
        yield return Row("expired long ago", "token_expired", t => With(t, "exp", long.MinValue));
        yield return Row("lives for ever", In, t => With(t, "exp", long.MaxValue));
        yield return Row("does not expire", "token_malformed", t => Without(t, "exp"));
        yield return Row("expires never", "token_malformed", t => With(t, "exp", (JsonNode?)null));
        yield return Row("expires at a text", "token_malformed", t => With(t, "exp", "4102444800"));
        yield return Row("expires at a number too large", "token_malformed",
            t => Raw(t, claims: TokenDraft.Encode(t.Claims.ToJsonString().Replace($"\"exp\":{t.At(3600)}", "\"exp\":1e400", StringComparison.Ordinal))));
        yield return Row("valid soon, within the skew", In, t => With(t, "nbf", t.At(60)));
        yield return Row("not yet valid", "token_not_yet_valid", t => With(t, "nbf", t.At(61)));
        yield return Row("valid from a text on", "token_malformed", t => With(t, "nbf", "0"));
        yield return Row("issued in the future", "token_not_yet_valid", t => With(t, "iat", t.At(61)));
    }

    private static IEnumerable<TokenAttack> People()
    {
        yield return Row("of nobody", "token_malformed", t => Nobody(t));
        yield return Row("of an empty name", "token_malformed", t => With(t, "oid", ""));
        yield return Row("of a name too long", "token_malformed", t => With(t, "oid", new string('x', 123)));
        yield return Row("of a name with a space around it", "token_malformed", t => With(t, "oid", TokenDraft.Person + " "));
        yield return Row("of a name with a line in it", "token_malformed", t => With(t, "oid", "a\nb"));
        yield return Row("of a name that another spelling would equal", "token_malformed", t => With(t, "oid", "Ju\u0308rgen"));
        yield return Row("of a list of people", "token_malformed", t => With(t, "oid", new JsonArray(TokenDraft.Person)));
    }

    private static IEnumerable<TokenAttack> Groups()
    {
        yield return Row("in a group", In, t => With(t, "groups", new JsonArray(OtherGroup, GroupIds[1]))) with { Event = Grouped };
        yield return Row("with a role", In, t => With(t, "roles", new JsonArray(Role))) with { Event = Grouped };
        yield return Row("in no group", "token_not_in_groups", t => t.Write(), 403) with { Event = Grouped };
        yield return Row("in another group", "token_not_in_groups", t => With(t, "groups", new JsonArray(OtherGroup)), 403) with { Event = Grouped };
        yield return Row("a group that is called like the role", "token_not_in_groups", t => With(t, "groups", new JsonArray(Role)), 403) with { Event = Grouped };
        yield return Row("a role that is called like the group", "token_not_in_groups", t => With(t, "roles", new JsonArray(GroupIds[0])), 403) with { Event = Grouped };
        yield return Row("in too many groups", "token_lacks_groups", t => With(t, "_claim_names", new JsonObject { ["groups"] = "src1" }), 403) with { Event = Grouped };
        yield return Row("in too many groups, said shortly", "token_lacks_groups", t => With(t, "hasgroups", true), 403) with { Event = Grouped };
        yield return Row("in too many groups, said in words", "token_lacks_groups", t => With(t, "hasgroups", "true"), 403) with { Event = Grouped };
        yield return Row("in too many groups where only roles count", "token_not_in_groups", t => With(t, "hasgroups", true), 403) with { Event = WithRoles };
        yield return Row("in too many groups but with the role", In, t => With(Also(t, "hasgroups", true), "roles", new JsonArray(Role))) with { Event = Grouped };
        yield return Row("groups that are no list", "token_malformed", t => With(t, "groups", 1)) with { Event = Grouped };
        yield return Row("in no group, where the event asks for none", In, t => With(t, "hasgroups", true));
    }

    private static TokenAttack Row(string name, int status, Func<TokenDraft, string> make) => new(name, make, status, null);

    private static TokenAttack Row(string name, string code, Func<TokenDraft, string> make, int status = 401) => new(name, make, status, code);

    private static string With(TokenDraft token, string claim, JsonNode? value) => Also(token, claim, value).Write();

    private static TokenDraft Also(TokenDraft token, string claim, JsonNode? value)
    {
        token.Claims[claim] = value;
        return token;
    }

    private static string Without(TokenDraft token, string claim)
    {
        token.Claims.Remove(claim);
        return token.Write();
    }

    private static string WithHeader(TokenDraft token, string name, JsonNode? value)
    {
        token.Header[name] = value;
        return token.Write();
    }

    private static string WithoutHeader(TokenDraft token, string name)
    {
        token.Header.Remove(name);
        return token.Write();
    }

    private static string Raw(TokenDraft token, string? header = null, string? claims = null)
    {
        (token.Header64, token.Claims64) = (header, claims);
        return token.Write();
    }

    private static string Lying(TokenDraft token, string signing)
    {
        token.Signing = signing;
        return token.Write();
    }

    private static string Half(TokenDraft token)
    {
        var parts = token.Write().Split('.');
        return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(Base64Url.DecodeFromChars(parts[2]).AsSpan(0, 128))}";
    }

    private static string Nobody(TokenDraft token)
    {
        token.Claims.Remove("oid");
        return Without(token, "sub");
    }

    private static string Swap(TokenDraft token, Action<JsonObject> change)
    {
        var parts = token.Write().Split('.');
        change(token.Claims);
        return $"{parts[0]}.{TokenDraft.Encode(token.Claims.ToJsonString())}.{parts[2]}";
    }

    private static string SwapHeader(TokenDraft token, Action<JsonObject> change)
    {
        var parts = token.Write().Split('.');
        change(token.Header);
        return $"{TokenDraft.Encode(token.Header.ToJsonString())}.{parts[1]}.{parts[2]}";
    }

    // 256 bytes leave four bits of the last character that no decoder needs.
    private static string SpeltOtherwise(TokenDraft token)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var text = token.Write();
        return text[..^1] + alphabet[alphabet.IndexOf(text[^1], StringComparison.Ordinal) + 1];
    }

    // base64url of one more byte is one or two characters more, so the header takes what the claims cannot.
    private static string Long(TokenDraft token, int length)
    {
        for (var (claim, header) = (length * 3 / 4 - 1_000, 0); ; claim++)
            for (header = 0; header < 3; header++)
            {
                (token.Claims["filling"], token.Header["filling"]) = (new string('x', claim), new string('x', header));
                if (token.Write() is var text && text.Length == length)
                    return text;
            }
    }
}

/// <param name="Make">The token's text.</param>
/// <param name="Code">The refusal's; null where it is let in.</param>
internal sealed record TokenAttack(string Name, Func<TokenDraft, string> Make, int Status, string? Code)
{
    /// <summary>To which event.</summary>
    public string Event { get; init; } = TokenAttacks.Everybody;

    /// <summary>What the message must have, where the code does not say it.</summary>
    public string Says { get; init; } = "";
}
