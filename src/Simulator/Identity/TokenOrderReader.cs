using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Simulator.Control;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Reads what <c>POST /simulator/tokens</c> asks for: the names of the claims, and the little that is not a claim.</summary>
internal static class TokenOrderReader
{
    private const string UsualAudience = "https://cognitiveservices.azure.com";
    private const string UsualPerson = "11111111-2222-4333-8444-555555555555";

    // What a date can say, in seconds since 1970.
    private static readonly long MostSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <exception cref="WrongFieldException">Names the field.</exception>
    public static TokenOrder Read(ReadOnlyMemory<byte> json, HttpRequest request, IdentitySettings settings, long now)
    {
        using var document = SentJson.Parse(json.IsEmpty ? "{}"u8.ToArray() : json, "the body");
        var fields = new Fields(document.RootElement, "", "a token");
        var tenant = fields.Text("tid") ?? Tenant.Usual.Id.ToString();
        var person = fields.Text("oid") ?? UsualPerson;
        var issuedAt = Seconds(fields, "iat") ?? now;
        var order = new TokenOrder
        {
            TenantId = tenant,
            ObjectId = person,
            Subject = fields.Text("sub") ?? person,
            Issuer = fields.Text("iss") ?? Origin.Issuer(request, tenant),
            Audience = fields.Text("aud") ?? UsualAudience,
            ClientId = fields.Text("appid"),
            Groups = fields.Texts("groups"),
            Roles = fields.Texts("roles"),
            IssuedAt = issuedAt,
            NotBefore = Seconds(fields, "nbf") ?? issuedAt,
            Expires = Seconds(fields, "exp") ?? issuedAt + (Seconds(fields, "lifetime") ?? (long)settings.TokenLifetime.TotalSeconds),
            Algorithm = fields.OneOf("alg", "RS256", "PS256", "ES256") ?? "RS256",
            KeyId = fields.Text("kid"),
            Claims = Claims(fields),
        };
        fields.RefuseOthers();
        return order;
    }

    private static JsonObject? Claims(Fields fields)
    {
        if (fields.Any("claims") is not { } claims)
            return null;
        if (claims.ValueKind != JsonValueKind.Object)
            throw fields.Wrong("claims", "an object is expected");
        if (claims.EnumerateObject().CountBy(claim => claim.Name).FirstOrDefault(claim => claim.Value > 1).Key is { } repeated)
            throw fields.Wrong("claims", $"'{repeated}' is there twice");
        return JsonObject.Create(claims.Clone());
    }

    private static long? Seconds(Fields fields, string name) => fields.Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var seconds) && seconds >= -MostSeconds && seconds <= MostSeconds => seconds,
        _ => throw fields.Wrong(name, "a whole number of seconds is expected"),
    };
}
