namespace OpenAIProxy.Domain.Catalog;

/// <summary>How the proxy proves to a backend who it is.</summary>
public abstract record BackendCredential
{
    private BackendCredential()
    {
    }

    /// <summary>One of the resource's own keys.</summary>
    public sealed record ApiKey(string Key) : BackendCredential
    {
        // Records print their members; a key must not end up in a log that way.
        public override string ToString() => "ApiKey(…)";
    }

    /// <summary>A token of Microsoft Entra ID, asked for when it is needed.</summary>
    /// <param name="Secret">The client secret, for <see cref="EntraIdentityKind.ClientSecret"/>; null for all others.</param>
    public sealed record Entra(EntraIdentity Identity, string? Secret) : BackendCredential
    {
        public override string ToString() => $"Entra({Identity.Kind})";
    }

    /// <summary>A credential that is stored but cannot be read, such as after the key ring was lost.</summary>
    /// <param name="Reason">What to do about it, for the operator.</param>
    public sealed record Unreadable(string Reason) : BackendCredential;
}
