using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>A real key of an identity provider, or of somebody who would like to be one.</summary>
internal sealed class TestKey
{
    private readonly RSA? rsa;
    private readonly ECDsa? curve;

    private TestKey(string id, RSA? rsa, ECDsa? curve) => (Id, this.rsa, this.curve) = (id, rsa, curve);

    public string Id { get; }

    /// <summary>As an identity provider publishes it.</summary>
    public JsonObject Published => rsa is not null ? PublishedRsa(rsa.ExportParameters(false)) : PublishedCurve(curve!.ExportParameters(false));

    public static TestKey Rsa(string id, int bits = 2048) => new(id, RSA.Create(bits), null);

    public static TestKey Curve(string id) => new(id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public byte[] Sign(string algorithm, byte[] bytes) => algorithm switch
    {
        "RS256" => rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "PS256" => rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "RS384" => rsa!.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        "ES256" => curve!.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        "ES256 as X.509 writes it" => curve!.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        // The oldest trick: what is public serves as the secret.
        "HS256" => HMACSHA256.HashData(rsa!.ExportSubjectPublicKeyInfo(), bytes),
        _ => [],
    };

    private JsonObject PublishedRsa(RSAParameters numbers) => new()
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["kid"] = Id,
        ["n"] = Base64Url.EncodeToString(numbers.Modulus),
        ["e"] = Base64Url.EncodeToString(numbers.Exponent),
    };

    private JsonObject PublishedCurve(ECParameters numbers) => new()
    {
        ["kty"] = "EC",
        ["use"] = "sig",
        ["kid"] = Id,
        ["crv"] = "P-256",
        ["x"] = Base64Url.EncodeToString(numbers.Q.X),
        ["y"] = Base64Url.EncodeToString(numbers.Q.Y),
    };
}
