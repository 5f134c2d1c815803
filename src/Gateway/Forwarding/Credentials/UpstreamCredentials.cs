using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>Puts on a request what proves to a backend who sends it: its key, or a token of Microsoft Entra ID.</summary>
internal sealed class UpstreamCredentials(EntraTokens tokens)
{
    /// <returns>The token, or null where the backend goes by a key.</returns>
    /// <exception cref="TokenUnavailableException">No token can be had.</exception>
    public async ValueTask<EntraToken?> TokenForAsync(Backend backend, CancellationToken cancellation) => backend.Credential is BackendCredential.Entra credential
        ? await tokens.GetAsync(TokenOrder.Of(backend, credential), cancellation)
        : null;

    /// <param name="refused">The token that the backend did not take.</param>
    /// <returns>Another token, or null where asking for one would not help.</returns>
    /// <exception cref="TokenUnavailableException">No token can be had.</exception>
    public async ValueTask<EntraToken?> RenewAsync(Backend backend, EntraToken refused, CancellationToken cancellation) => backend.Credential is BackendCredential.Entra credential
        ? await tokens.RenewAsync(TokenOrder.Of(backend, credential), backend.Name, refused, cancellation)
        : null;

    /// <param name="token">As <see cref="TokenForAsync"/> gave it.</param>
    public static void Prove(HttpRequestMessage request, Backend backend, EntraToken? token)
    {
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token.Authorization);
        else if (backend.Credential is BackendCredential.ApiKey { Key: var key })
            request.Headers.TryAddWithoutValidation("api-key", key);
    }
}
