using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// Reads a JSON Web Key Set. A key that cannot be used (for something else, of another kind, too weak, another issuer's) is
/// passed over: the others are still good.
/// </summary>
internal static class KeyDocument
{
    // Entra ID has about ten; a document of a megabyte could have thousands, and each is tried out.
    private const int MaxKeys = 100;

    // NIST SP 800-131A; Entra ID's have 2,048.
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    /// <returns>The keys by their id.</returns>
    /// <exception cref="JsonException">It is no key set.</exception>
    public static Dictionary<string, SigningKey> Read(JsonElement document, TokenIssuer issuer)
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new JsonException("A key set has a list 'keys'.");
        var keys = new Dictionary<string, SigningKey>();
        foreach (var element in list.EnumerateArray().Take(MaxKeys))
            if (Text(element, "kid") is { } id && IsForTokensOf(element, issuer) && NumbersOf(element) is { } numbers)
                keys.TryAdd(id, new SigningKey(numbers, Text(element, "alg")));
        return keys;
    }

    private static bool IsForTokensOf(JsonElement key, TokenIssuer issuer)
    {
        if ((Text(key, "use") ?? "sig") != "sig")
            return false;
        if (key.TryGetProperty("key_ops", out var operations) && !(operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"u8))))
            return false;
        // Entra ID says of some keys whose tokens they sign; a template stands for every tenant.
        return Text(key, "issuer") is not { } owner || owner.Replace("{tenantid}", issuer.Tenant, StringComparison.Ordinal) == issuer.Name;
    }

    private static SigningKey.Numbers? NumbersOf(JsonElement key)
    {
        try
        {
            return Text(key, "kty") switch
            {
                "RSA" => RsaOf(key),
                "EC" => CurveOf(key),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // Numbers that are no key.
            return null;
        }
    }

    private static SigningKey.Numbers.Rsa? RsaOf(JsonElement key)
    {
        if (!Base64UrlText.TryDecode(Text(key, "n"), out var modulus) || !Base64UrlText.TryDecode(Text(key, "e"), out var exponent))
            return null;
        // Verifying grows with the square of the modulus and with the length of the exponent.
        if (modulus is not { Length: > 0 and <= MaxRsaBits / 8 } || exponent is not { Length: <= 4 } || !IsExponent(new BigInteger(exponent, isUnsigned: true, isBigEndian: true)))
            return null;
        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using var rsa = RSA.Create(parameters);
        return rsa.KeySize >= MinRsaBits ? new SigningKey.Numbers.Rsa(parameters) : null;
    }

    // With 1, everything is its own signature, also where it is written with zeros before it. OpenSSL refuses it as well, other libraries need not.
    private static bool IsExponent(BigInteger exponent) => !exponent.IsEven && !exponent.IsOne;

    private static SigningKey.Numbers.Curve? CurveOf(JsonElement key)
    {
        if (Text(key, "crv") != "P-256" || !Base64UrlText.TryDecode(Text(key, "x"), out var x) || !Base64UrlText.TryDecode(Text(key, "y"), out var y))
            return null;
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        // Throws where the point is not on the curve.
        using var curve = ECDsa.Create(parameters);
        return new SigningKey.Numbers.Curve(parameters);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
