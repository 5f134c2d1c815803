using System.Collections.Concurrent;
using System.Security.Cryptography;
using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>A key of the identity provider. Thread-safe.</summary>
/// <param name="only">The one algorithm the key is for; null is every one that its kind can.</param>
internal sealed class SigningKey(SigningKey.Numbers numbers, string? only)
{
    private const string Rs256 = "RS256";
    private const string Ps256 = "PS256";
    private const string Es256 = "ES256";

    // Verifying takes eight times as long as all else about a token (measured on two busy cores: RSA 160 µs, P-256 210 µs, the
    // rest 20 µs), and clients send one token for an hour. What was verified is known by its hash, and forgotten with the key:
    // a key that is withdrawn vouches for nothing any more.
    private const int MaxVerified = 50_000;

    private readonly ConcurrentDictionary<KeyHash, byte> verified = new();

    /// <summary>The only ones there are: everything else, HMAC and 'none' first of all, is refused before a key is looked for.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [Rs256, Ps256, Es256];

    public bool Fits(string algorithm) => (only ?? algorithm) == algorithm && numbers switch
    {
        Numbers.Rsa => algorithm is Rs256 or Ps256,
        _ => algorithm is Es256,
    };

    public bool HasSigned(Jwt token)
    {
        if (verified.ContainsKey(token.Hash))
            return true;
        if (!Verify(token))
            return false;
        if (verified.Count >= MaxVerified)
            verified.Clear();
        verified.TryAdd(token.Hash, 0);
        return true;
    }

    // The objects of .NET that verify are not promised to be thread-safe; one is made for each token that is new.
    private bool Verify(Jwt token)
    {
        if (numbers is Numbers.Rsa { Parameters: var parameters })
        {
            using var rsa = RSA.Create(parameters);
            var padding = token.Algorithm == Ps256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
            return rsa.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, padding);
        }
        using var curve = ECDsa.Create(((Numbers.Curve)numbers).Parameters);
        return curve.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The public half, by its kind.</summary>
    internal abstract record Numbers
    {
        private Numbers()
        {
        }

        public sealed record Rsa(RSAParameters Parameters) : Numbers;

        public sealed record Curve(ECParameters Parameters) : Numbers;
    }
}
