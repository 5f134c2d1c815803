using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>Who issues the tokens of one tenant. It follows from the event's configuration alone; no token has a say in it.</summary>
/// <param name="Authority">An absolute URL that ends in a slash.</param>
/// <param name="Tenant">The directory's id, in small letters as Entra ID writes it.</param>
internal sealed record TokenIssuer(Uri Authority, string Tenant)
{
    // Applications that never asked for tokens of version 2.0 get those of 1.0, which have another issuer but the same keys.
    // https://learn.microsoft.com/entra/identity-platform/access-tokens
    private const string FirstVersion = "https://sts.windows.net/";

    /// <summary>Where the tenant says what it is called and where its keys are.</summary>
    public Uri Discovery => new(Authority, $"{Uri.EscapeDataString(Tenant)}/v2.0/.well-known/openid-configuration");

    /// <summary>What the tenant calls itself, and its tokens their issuer.</summary>
    public string Name => $"{Authority}{Tenant}/v2.0";

    public static TokenIssuer Of(TokenAdmission admission) => new(admission.Authority, admission.TenantId.ToLowerInvariant());

    public bool Issued(Jwt token) => token.Issuer is { } name
        && (name == Name || (Authority == TokenAdmission.DefaultAuthority && name == $"{FirstVersion}{Tenant}/"));
}
