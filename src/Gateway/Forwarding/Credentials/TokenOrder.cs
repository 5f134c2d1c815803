using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>Which token a backend wants. Backends that want the same one share it.</summary>
internal readonly record struct TokenOrder(BackendCredential.Entra Credential, AzureCloud Cloud)
{
    public Uri Authority => Credential.Identity.Authority ?? Cloud.Authority;

    public string Scope => Credential.Identity.Scope ?? Cloud.Scope;

    public static TokenOrder Of(Backend backend, BackendCredential.Entra credential) => new(credential, AzureCloud.Of(backend.Endpoint));
}
