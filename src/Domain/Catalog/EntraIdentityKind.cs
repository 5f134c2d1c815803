namespace OpenAIProxy.Domain.Catalog;

/// <summary>By which way of Microsoft Entra ID the proxy gets its tokens. The numbers are stored: never change one.</summary>
public enum EntraIdentityKind
{
    /// <summary>Azure.Identity's default chain: the first way that works where the proxy runs.</summary>
    Default = 0,

    /// <summary>The managed identity of the machine, the one the system assigned or the one whose client id is named.</summary>
    ManagedIdentity = 1,

    /// <summary>A Kubernetes service account that is trusted by an application of Entra ID.</summary>
    WorkloadIdentity = 2,

    /// <summary>An application's client id and secret.</summary>
    ClientSecret = 3,

    /// <summary>Whoever is signed in to the Azure CLI: for trying things out.</summary>
    AzureCli = 4,
}
