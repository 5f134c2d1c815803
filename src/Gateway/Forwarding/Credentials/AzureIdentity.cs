using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>Asks Azure.Identity for tokens.</summary>
internal static class AzureIdentity
{
    // A request may be waiting. What a short wait does not cure is tried again by later requests, and ahead of expiry there are five minutes of them.
    private const int Retries = 2;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private static readonly Uri[] KnownAuthorities =
        [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    /// <param name="previous">The token there is; null where there is none.</param>
    /// <returns>A token that is newer than the previous one, where one can be had.</returns>
    /// <exception cref="AuthenticationFailedException">None can be had; and whatever else the library and what it calls may throw.</exception>
    public static async ValueTask<EntraToken> AskAsync(TokenOrder order, EntraToken? previous, TimeProvider time, CancellationToken cancellation)
    {
        // A credential keeps its tokens. We do that ourselves, so a new one is used each time and nothing comes from there.
        var credential = CredentialFor(order);
        var token = EntraToken.Of(await credential.GetTokenAsync(new TokenRequestContext([order.Scope]), cancellation));
        // The Azure CLI takes no claims, and its tokens are its own affair.
        if (token.Authorization != previous?.Authorization || order.Credential.Identity.Kind == EntraIdentityKind.AzureCli)
            return token;
        try
        {
            // Tokens of managed identities the library keeps for all of the process (azure-sdk-for-net#47896). Only claims get it to ask again.
            return EntraToken.Of(await credential.GetTokenAsync(new TokenRequestContext([order.Scope], claims: NewerThan(time.GetUtcNow())), cancellation));
        }
        catch (AuthenticationFailedException e) when (order.Credential.Identity.Kind == EntraIdentityKind.Default && !TokenDiagnosis.IsPassing(e))
        {
            // The chain may have ended at the Azure CLI or one of its kin, which say that somebody has to sign in anew where they are given
            // claims. What they gave without is all there is.
            return token;
        }
    }

    /// <summary>As a resource asks for it that wants a new token: https://learn.microsoft.com/entra/identity-platform/claims-challenge</summary>
    public static string NewerThan(DateTimeOffset moment) =>
        $$$$"""{"access_token":{"nbf":{"essential":true,"value":"{{{{moment.ToUnixTimeSeconds()}}}}"}}}""";

    private static TokenCredential CredentialFor(TokenOrder order)
    {
        var (identity, secret) = (order.Credential.Identity, order.Credential.Secret);
        return identity.Kind switch
        {
            EntraIdentityKind.ManagedIdentity => new ManagedIdentityCredential(OptionsFor(order, new ManagedIdentityCredentialOptions(
                identity.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned))),
            EntraIdentityKind.WorkloadIdentity => new WorkloadIdentityCredential(Workload(order)),
            EntraIdentityKind.ClientSecret => new ClientSecretCredential(
                identity.TenantId, identity.ClientId, secret, OptionsFor(order, new ClientSecretCredentialOptions { DisableInstanceDiscovery = IsPrivate(order) })),
            EntraIdentityKind.AzureCli => new AzureCliCredential(OptionsFor(order, new AzureCliCredentialOptions { TenantId = identity.TenantId })),
            _ => new DefaultAzureCredential(Chain(order)),
        };
    }

    // What is not set is what the platform says in the environment: the options begin with that.
    private static WorkloadIdentityCredentialOptions Workload(TokenOrder order)
    {
        var options = OptionsFor(order, new WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = IsPrivate(order) });
        options.TenantId = order.Credential.Identity.TenantId ?? options.TenantId;
        options.ClientId = order.Credential.Identity.ClientId ?? options.ClientId;
        return options;
    }

    private static DefaultAzureCredentialOptions Chain(TokenOrder order)
    {
        var options = OptionsFor(order, new DefaultAzureCredentialOptions { DisableInstanceDiscovery = IsPrivate(order) });
        options.TenantId = order.Credential.Identity.TenantId ?? options.TenantId;
        options.ManagedIdentityClientId = order.Credential.Identity.ClientId ?? options.ManagedIdentityClientId;
        options.WorkloadIdentityClientId = order.Credential.Identity.ClientId ?? options.WorkloadIdentityClientId;
        return options;
    }

    private static T OptionsFor<T>(TokenOrder order, T options)
        where T : TokenCredentialOptions
    {
        options.AuthorityHost = order.Authority;
        options.RetryPolicy = new RetryPolicy(Retries, DelayStrategy.CreateFixedDelayStrategy(RetryPause));
        return options;
    }

    // The library asks Microsoft which authorities there are, and Microsoft does not know those of others.
    private static bool IsPrivate(TokenOrder order) => !KnownAuthorities.Contains(order.Authority);
}
