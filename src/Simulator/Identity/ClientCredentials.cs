using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>
/// Entra's token endpoint, for applications that come in their own name: with a secret, or with somebody else's assertion (workload
/// identity). Of an assertion the form, the time and, if told, the subject are looked at: who signed it we cannot know.
/// </summary>
internal sealed class ClientCredentials(IdentityState state, Mint mint, EntraProblems problems, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Suffix = "/.default";

    /// <param name="form">As it came, <c>application/x-www-form-urlencoded</c>.</param>
    /// <exception cref="RefusedException">In Entra's words.</exception>
    public byte[] Answer(HttpRequest request, Tenant tenant, string form)
    {
        var fields = new Form(form, problems);
        if (tenant.IsAny)
            throw new RefusedException(problems.AnyTenant());
        var grant = fields.Need("grant_type");
        if (grant != "client_credentials")
            throw new RefusedException(problems.UnsupportedGrant(grant));
        var client = Authenticate(fields, tenant);
        var scope = fields.Need("scope");
        if (!scope.EndsWith(Suffix, StringComparison.Ordinal) || scope.Contains(' ') || scope.Length == Suffix.Length)
            throw new RefusedException(problems.WrongScope(scope));
        return Issue(request, tenant, client, scope[..^Suffix.Length]);
    }

    private KnownClient Authenticate(Form fields, Tenant tenant)
    {
        var id = fields.Need("client_id");
        var known = state.Settings.Clients;
        var client = known is null ? new(id, null, null, []) : known.FirstOrDefault(one => one.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        if (client is null)
            throw new RefusedException(problems.UnknownClient(id, tenant));
        if (fields.Find("client_assertion") is { } assertion)
            CheckAssertion(client, assertion, fields.Find("client_assertion_type"));
        else if (fields.Find("client_secret") is not { } secret)
            throw new RefusedException(problems.NoCredential());
        else if (client.Secrets?.Contains(secret) == false)
            throw new RefusedException(problems.WrongSecret(client.Id));
        return client;
    }

    private void CheckAssertion(KnownClient client, string assertion, string? type)
    {
        if (type != AssertionType)
            throw new RefusedException(problems.WrongAssertionType());
        using var claims = assertion.Split('.') is [_, var body, _] ? Jwt.Read(body) : null;
        if (claims is null || Jwt.Seconds(claims.RootElement, "exp") is not { } expires)
            throw new RefusedException(problems.MalformedAssertion());
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (expires <= now || Jwt.Seconds(claims.RootElement, "nbf") > now)
            throw new RefusedException(problems.AssertionOutOfTime());
        var subject = Jwt.Text(claims.RootElement, "sub") ?? "";
        if (client.Subjects?.Contains(subject) == false)
            throw new RefusedException(problems.UnknownSubject(subject));
    }

    private byte[] Issue(HttpRequest request, Tenant tenant, KnownClient client, string audience)
    {
        var settings = state.Settings;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var seconds = (long)settings.TokenLifetime.TotalSeconds;
        var objectId = DerivedId.Of("application", client.Id, tenant.Id.ToString()).ToString();
        var minted = mint.Issue(new()
        {
            Issuer = Origin.Issuer(request, tenant.InIssuer),
            Audience = audience,
            TenantId = tenant.Id.ToString(),
            ObjectId = objectId,
            Subject = objectId,
            ClientId = client.Id,
            IsForApplication = true,
            Roles = client.Roles.Count == 0 ? null : client.Roles,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + seconds,
        });
        state.CountIssued(client.Id, audience);
        var answer = new Dictionary<string, object> { ["token_type"] = "Bearer", ["expires_in"] = seconds, ["ext_expires_in"] = seconds };
        if (settings.RefreshAfter is { } after)
            answer["refresh_in"] = (long)after.TotalSeconds;
        answer["access_token"] = minted.Token;
        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private sealed class Form(string text, EntraProblems problems)
    {
        private readonly Dictionary<string, Microsoft.Extensions.Primitives.StringValues> fields = QueryHelpers.ParseQuery(text);

        /// <summary>Null also if it is empty.</summary>
        public string? Find(string name) => fields.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

        public string Need(string name) => Find(name) ?? throw new RefusedException(problems.Missing(name));
    }
}
