using System.Security.Cryptography;
using System.Text.Json;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>One key pair. It never leaves the process. Thread-safe: its users take turns.</summary>
internal sealed class SigningKey(AsymmetricAlgorithm pair) : IDisposable
{
    private readonly Lock turn = new();

    public string Id { get; } = Jwt.Encode(RandomNumberGenerator.GetBytes(20));

    public bool IsRsa => pair is RSA;

    /// <summary>No longer among the public keys, and no longer believed.</summary>
    public bool IsWithdrawn { get; set; }

    public byte[] Sign(string algorithm, byte[] data)
    {
        lock (turn)
        {
            return pair switch
            {
                RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, Padding(algorithm)),
                ECDsa curve => curve.SignData(data, HashAlgorithmName.SHA256),
                _ => throw new InvalidOperationException("There are RSA keys and keys on a curve."),
            };
        }
    }

    public bool Verifies(string algorithm, byte[] data, byte[] signature)
    {
        if (algorithm is not ("RS256" or "PS256" or "ES256") || IsRsa == (algorithm == "ES256"))
            return false;
        lock (turn)
        {
            return pair is RSA rsa
                ? rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, Padding(algorithm))
                : ((ECDsa)pair).VerifyData(data, signature, HashAlgorithmName.SHA256);
        }
    }

    /// <summary>As a JSON Web Key, without what is private.</summary>
    public void WritePublic(Utf8JsonWriter json, string issuer)
    {
        json.WriteStartObject();
        json.WriteString("kty"u8, IsRsa ? "RSA" : "EC");
        json.WriteString("use"u8, "sig");
        json.WriteString("kid"u8, Id);
        lock (turn)
        {
            if (pair is RSA rsa)
            {
                var parameters = rsa.ExportParameters(includePrivateParameters: false);
                json.WriteString("n"u8, Jwt.Encode(parameters.Modulus!));
                json.WriteString("e"u8, Jwt.Encode(parameters.Exponent!));
            }
            else
            {
                var point = ((ECDsa)pair).ExportParameters(includePrivateParameters: false).Q;
                json.WriteString("crv"u8, "P-256");
                json.WriteString("x"u8, Jwt.Encode(point.X!));
                json.WriteString("y"u8, Jwt.Encode(point.Y!));
            }
        }

        json.WriteString("issuer"u8, issuer);
        json.WriteEndObject();
    }

    public void Dispose() => pair.Dispose();

    private static RSASignaturePadding Padding(string algorithm) => algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
