namespace OpenAIProxy.Simulator.Identity;

/// <summary>What can be asked for an identity. Under <c>/simulator/identity</c> their names are these in camel case.</summary>
internal enum IdentityEndpoint
{
    /// <summary>Microsoft Entra's token endpoint, for client credentials.</summary>
    Token,

    /// <summary>The OpenID configuration of a tenant.</summary>
    Configuration,

    /// <summary>The public halves of the signing keys.</summary>
    Keys,

    /// <summary>Which authorities there are.</summary>
    Instance,

    /// <summary>The managed identity of App Service and Container Apps.</summary>
    AppService,

    /// <summary>The managed identity of a virtual machine (IMDS).</summary>
    Metadata,
}
