using System.Text.Json;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>What Entra publishes: where everything is, and the public keys.</summary>
internal sealed class IdentityDocuments(SigningKeys keys)
{
    public static byte[] Configuration(HttpRequest request, Tenant tenant)
    {
        var here = $"{Origin.Of(request)}/{tenant.Name}";
        return Write(json =>
        {
            json.WriteString("token_endpoint"u8, here + "/oauth2/v2.0/token");
            WriteTexts(json, "token_endpoint_auth_methods_supported", "client_secret_post", "private_key_jwt");
            json.WriteString("jwks_uri"u8, here + "/discovery/v2.0/keys");
            WriteTexts(json, "response_modes_supported", "query", "fragment", "form_post");
            WriteTexts(json, "subject_types_supported", "pairwise");
            WriteTexts(json, "id_token_signing_alg_values_supported", "RS256", "PS256", "ES256");
            WriteTexts(json, "response_types_supported", "code", "id_token", "code id_token", "id_token token");
            WriteTexts(json, "scopes_supported", "openid", "profile", "email", "offline_access");
            json.WriteString("issuer"u8, Origin.Issuer(request, tenant.InIssuer));
            json.WriteBoolean("request_uri_parameter_supported"u8, false);
            WriteTexts(json, "claims_supported", "sub", "iss", "aud", "exp", "iat", "tid", "ver", "oid");
            json.WriteString("cloud_instance_name"u8, request.Host.Value);
        });
    }

    public byte[] Keys(HttpRequest request) => Write(json =>
    {
        json.WriteStartArray("keys"u8);
        foreach (var key in keys.Published())
            key.WritePublic(json, Origin.Issuer(request, "{tenantid}"));
        json.WriteEndArray();
    });

    /// <summary>We are the only authority, and of each name of ours the preferred one.</summary>
    public static byte[] Instance(HttpRequest request)
    {
        var asked = request.Query["authorization_endpoint"].ToString();
        var authority = Uri.TryCreate(asked, UriKind.Absolute, out var uri) && uri.Segments is [_, var tenant, ..] ? tenant.TrimEnd('/') : "common";
        return Write(json =>
        {
            json.WriteString("tenant_discovery_endpoint"u8, $"{Origin.Of(request)}/{authority}/v2.0/.well-known/openid-configuration");
            json.WriteString("api-version"u8, "1.1");
            json.WriteStartArray("metadata"u8);
            json.WriteStartObject();
            json.WriteString("preferred_network"u8, request.Host.Value);
            json.WriteString("preferred_cache"u8, request.Host.Value);
            WriteTexts(json, "aliases", request.Host.Value ?? "");
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, params ReadOnlySpan<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
