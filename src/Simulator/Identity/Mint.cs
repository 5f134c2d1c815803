using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>A token as it was issued.</summary>
internal sealed record Minted(string Token, string KeyId, JsonObject Claims);

/// <summary>Makes signed tokens.</summary>
internal sealed class Mint(SigningKeys keys, IdentityState state)
{
    public Minted Issue(TokenOrder order)
    {
        var claims = ClaimsOf(order);
        foreach (var (name, value) in order.Claims ?? [])
        {
            claims.Remove(name);
            if (value is not null)
                claims[name] = value.DeepClone();
        }

        var isRsa = order.Algorithm != "ES256";
        // A key id that nobody knows is written all the same: a token whose key is nowhere.
        var named = order.KeyId is null ? null : keys.Find(order.KeyId);
        var key = named is not null && named.IsRsa == isRsa ? named : keys.Current(isRsa);
        var keyId = order.KeyId ?? key.Id;
        return new(Jwt.Sign(key, order.Algorithm, keyId, claims), keyId, claims);
    }

    /// <summary>The number that <see cref="IdentityState.NextSerial"/> gave, or null if the claim is not of our making.</summary>
    public static long? SerialOf(string? uniqueId) =>
        uniqueId is not null && Jwt.Decode(uniqueId) is { Length: 16 } bytes ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;

    private JsonObject ClaimsOf(TokenOrder order)
    {
        var claims = new JsonObject { ["aud"] = order.Audience, ["iss"] = order.Issuer, ["iat"] = order.IssuedAt, ["nbf"] = order.NotBefore, ["exp"] = order.Expires };
        if (order.ClientId is { } client)
        {
            claims["appid"] = client;
            claims["azp"] = client;
        }

        if (order.Groups is { } groups)
            claims["groups"] = Array(groups);
        if (order.IsForApplication)
            claims["idtyp"] = "app";
        claims["oid"] = order.ObjectId;
        if (order.Roles is { } roles)
            claims["roles"] = Array(roles);
        claims["sub"] = order.Subject;
        claims["tid"] = order.TenantId;
        claims["uti"] = UniqueId();
        claims["ver"] = "2.0";
        return claims;
    }

    private string UniqueId()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        BinaryPrimitives.WriteInt64BigEndian(bytes, state.NextSerial());
        return Jwt.Encode(bytes);
    }

    private static JsonArray Array(IReadOnlyList<string> items) => [.. items.Select(item => JsonValue.Create(item))];
}
