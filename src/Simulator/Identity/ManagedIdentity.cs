using System.Text.Json;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>
/// The identity that a platform lends its machines: <c>GET /msi/token</c> as in App Service, and <c>GET /metadata/identity/oauth2/token</c>
/// as in virtual machines.
/// </summary>
internal sealed class ManagedIdentity(IdentityState state, Mint mint, TimeProvider time)
{
    // Some clients name the identity by object or resource id instead.
    private static readonly string[] WaysToName = ["client_id", "object_id", "principal_id", "mi_res_id", "msi_res_id"];
    private static readonly string SystemIdentity = DerivedId.Of("system assigned").ToString();

    /// <exception cref="RefusedException">In the words of App Service.</exception>
    public byte[] AnswerAppService(HttpRequest request)
    {
        if (request.Headers["X-IDENTITY-HEADER"] is not [{ Length: > 0 } header] || (state.Settings.IdentityHeader ?? header) != header)
            throw new RefusedException(EntraProblems.AppService(401, "Unauthorized"));
        if (request.Query["api-version"] != "2019-08-01")
            throw new RefusedException(EntraProblems.AppService(400, "The api-version is missing or not supported; 2019-08-01 is."));
        if (request.Query["resource"] is not [{ Length: > 0 } resource])
            throw new RefusedException(EntraProblems.AppService(400, "The resource is missing."));
        var clientId = Identity(request) ?? throw new RefusedException(EntraProblems.AppService(
            400, "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."));
        var (token, expires, _) = Issue(request, clientId, resource);
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["access_token"] = token,
            ["expires_on"] = expires.ToString(),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
            ["client_id"] = clientId,
        });
    }

    /// <exception cref="RefusedException">In the words of IMDS.</exception>
    public byte[] AnswerMetadata(HttpRequest request)
    {
        if (!string.Equals(request.Headers["Metadata"], "true", StringComparison.OrdinalIgnoreCase))
            throw new RefusedException(EntraProblems.Metadata("Required metadata header not specified"));
        foreach (var name in (string[])["api-version", "resource"])
        {
            if (request.Query[name] is not [{ Length: > 0 }])
                throw new RefusedException(EntraProblems.Metadata($"Required query variable '{name}' is missing"));
        }

        var resource = request.Query["resource"].ToString();
        var clientId = Identity(request) ?? throw new RefusedException(EntraProblems.Metadata("Identity not found"));
        var (token, expires, lifetime) = Issue(request, clientId, resource);
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["access_token"] = token,
            ["client_id"] = clientId,
            ["expires_in"] = lifetime.ToString(),
            ["expires_on"] = expires.ToString(),
            ["ext_expires_in"] = lifetime.ToString(),
            ["not_before"] = (expires - lifetime).ToString(),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
        });
    }

    /// <returns>The client id, or null if there is no such identity.</returns>
    private string? Identity(HttpRequest request)
    {
        var asked = WaysToName.Select(name => request.Query[name].ToString()).FirstOrDefault(id => id.Length > 0);
        if (asked is null)
            return state.Settings.HasSystemIdentity ? SystemIdentity : null;
        return state.Settings.UserIdentities?.Contains(asked, StringComparer.OrdinalIgnoreCase) == false ? null : asked;
    }

    private (string Token, long Expires, long Lifetime) Issue(HttpRequest request, string clientId, string resource)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var lifetime = (long)state.Settings.TokenLifetime.TotalSeconds;
        var tenantId = Tenant.Usual.Id.ToString();
        var objectId = DerivedId.Of("managed identity", clientId).ToString();
        var minted = mint.Issue(new()
        {
            Issuer = Origin.Issuer(request, tenantId),
            Audience = resource,
            TenantId = tenantId,
            ObjectId = objectId,
            Subject = objectId,
            ClientId = clientId,
            IsForApplication = true,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
        });
        state.CountIssued(clientId, resource);
        return (minted.Token, now + lifetime, lifetime);
    }
}
