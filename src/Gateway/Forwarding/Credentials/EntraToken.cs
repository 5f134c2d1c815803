using Azure.Core;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>A token of Microsoft Entra ID, ready to be sent.</summary>
/// <param name="Authorization">The value of the header, made once for all requests.</param>
internal sealed record EntraToken(string Authorization, DateTimeOffset Expires)
{
    public static EntraToken Of(AccessToken token) => new("Bearer " + token.Token, token.ExpiresOn);

    // Records print their members; a token must not end up in a log that way.
    public override string ToString() => $"EntraToken({Expires:u})";
}
