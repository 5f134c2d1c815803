namespace OpenAIProxy.Simulator.Identity;

/// <summary>Which endpoint a path is, and of which tenant, as it stands in the path ("" where there is none).</summary>
internal readonly record struct IdentityRoute(IdentityEndpoint Endpoint, string Tenant)
{
    public static IdentityRoute? Match(string path)
    {
        switch (path)
        {
            case "/msi/token" or "/msi/token/":
                return new(IdentityEndpoint.AppService, "");
            case "/metadata/identity/oauth2/token":
                return new(IdentityEndpoint.Metadata, "");
            case "/common/discovery/instance":
                return new(IdentityEndpoint.Instance, "");
        }

        var slash = path.IndexOf('/', Math.Min(1, path.Length));
        if (slash < 2)
            return null;
        IdentityEndpoint? endpoint = path.AsSpan(slash) switch
        {
            "/oauth2/v2.0/token" => IdentityEndpoint.Token,
            "/v2.0/.well-known/openid-configuration" => IdentityEndpoint.Configuration,
            "/discovery/v2.0/keys" => IdentityEndpoint.Keys,
            _ => null,
        };
        return endpoint is { } found ? new(found, path[1..slash]) : null;
    }
}
