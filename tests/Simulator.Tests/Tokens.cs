using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Tokens as a client or an attacker handles them: read, checked against published keys, and bent.</summary>
internal static class Tokens
{
    public static JsonElement Header(string token) => Part(token, 0);

    public static JsonElement Claims(string token) => Part(token, 1);

    public static string Made(string header, string claims, byte[] signature) => $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}.{Encode(signature)}";

    /// <summary>Another header and other claims before the same signature.</summary>
    public static string Bent(string token, Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var parts = token.Split('.');
        return $"{Change(parts[0], header)}.{Change(parts[1], claims)}.{parts[2]}";
    }

    /// <summary>Checks the signature by the key set as anybody would who trusts it.</summary>
    public static bool IsSignedBy(string token, JsonElement keySet)
    {
        var header = Header(token);
        var key = keySet.GetProperty("keys").EnumerateArray().FirstOrDefault(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        if (key.ValueKind == JsonValueKind.Undefined)
            return false;
        var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        var signature = Decode(token[(token.LastIndexOf('.') + 1)..]);
        if (header.GetProperty("alg").GetString() == "ES256")
        {
            using var curve = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
            return curve.VerifyData(signed, signature, HashAlgorithmName.SHA256);
        }

        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256,
            header.GetProperty("alg").GetString() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);

    private static byte[] Bytes(JsonElement key, string name) => Decode(key.GetProperty(name).GetString()!);

    private static JsonElement Part(string token, int index)
    {
        using var document = JsonDocument.Parse(Decode(token.Split('.')[index]));
        return document.RootElement.Clone();
    }

    private static string Change(string part, Action<JsonObject>? change)
    {
        if (change is null)
            return part;
        var json = JsonNode.Parse(Decode(part))!.AsObject();
        change(json);
        return Encode(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
