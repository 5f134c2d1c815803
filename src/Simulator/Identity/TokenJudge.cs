using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Decides as the model endpoints do whether a token is good. Its answer is yes or no: Azure says no more either.</summary>
internal sealed class TokenJudge(SigningKeys keys, IdentityState state, Origin origin, TimeProvider time)
{
    private const int MostCharacters = 16 * 1024;
    private static readonly string[] Audiences = ["https://cognitiveservices.azure.com", "https://cognitiveservices.azure.us", "https://ai.azure.com"];

    public bool Believes(string token, HttpRequest request)
    {
        if (token.Length > MostCharacters || token.Split('.') is not [var head, var body, var mark])
            return false;
        using var header = Jwt.Read(head);
        using var claims = Jwt.Read(body);
        return header is not null && claims is not null && Jwt.Decode(mark) is { Length: > 0 } signature
            && IsSigned(header.RootElement, Encoding.ASCII.GetBytes($"{head}.{body}"), signature)
            && IsForUs(claims.RootElement, request) && IsInTime(claims.RootElement) && !IsRevoked(claims.RootElement);
    }

    private bool IsSigned(JsonElement header, byte[] signed, byte[] signature) =>
        // Whatever the header calls critical we do not understand.
        !header.TryGetProperty("crit", out _)
        && Jwt.Text(header, "alg") is { } algorithm && Jwt.Text(header, "kid") is { } id
        && keys.Find(id) is { IsWithdrawn: false } key && key.Verifies(algorithm, signed, signature);

    private bool IsForUs(JsonElement claims, HttpRequest request) =>
        Jwt.Text(claims, "aud") is { } audience && Audiences.Contains(audience.EndsWith('/') ? audience[..^1] : audience)
        && Jwt.Text(claims, "iss") is { } issuer && Jwt.Text(claims, "tid") is { } tenant && origin.IsOurs(issuer, tenant, request);

    private bool IsInTime(JsonElement claims)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        return Jwt.Seconds(claims, "exp") > now && Jwt.Seconds(claims, "nbf") <= now;
    }

    private bool IsRevoked(JsonElement claims) => Mint.SerialOf(Jwt.Text(claims, "uti")) is not { } serial || state.IsRevoked(serial);
}
