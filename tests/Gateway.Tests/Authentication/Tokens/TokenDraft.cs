using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>A token as the issuer makes them, until a test bends it.</summary>
internal sealed class TokenDraft
{
    public const string Person = "ab12cd34-0000-4000-8000-00000000a001";

    public TokenDraft(LocalIssuer issuer, DateTimeOffset now)
    {
        Now = now;
        Claims = new JsonObject
        {
            ["iss"] = $"{issuer.Address}{LocalIssuer.Tenant}/v2.0",
            ["aud"] = LocalIssuer.Audience,
            ["tid"] = LocalIssuer.Tenant,
            ["oid"] = Person,
            ["sub"] = "Zx8_pairwise-subject",
            ["iat"] = At(-10),
            ["nbf"] = At(-10),
            ["exp"] = At(3600),
        };
    }

    public DateTimeOffset Now { get; }

    public JsonObject Header { get; } = new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = LocalIssuer.Rsa.Id };

    public JsonObject Claims { get; }

    public TestKey Key { get; set; } = LocalIssuer.Rsa;

    public string? Header64 { get; set; }

    public string? Claims64 { get; set; }

    /// <summary>How it is signed; as its header says unless a test wants to lie.</summary>
    public string? Signing { get; set; }

    public long At(int seconds) => Now.ToUnixTimeSeconds() + seconds;

    public TokenDraft Sign(TestKey key, string algorithm)
    {
        (Key, Header["alg"], Header["kid"]) = (key, algorithm, key.Id);
        return this;
    }

    public string Write()
    {
        var signed = $"{Header64 ?? Encode(Header.ToJsonString())}.{Claims64 ?? Encode(Claims.ToJsonString())}";
        var algorithm = Signing ?? (Header["alg"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : "RS256");
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
