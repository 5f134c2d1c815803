namespace OpenAIProxy.Simulator.Identity;

/// <summary>What <c>PUT /simulator/identity</c> has set; without it anybody with any secret gets a token that lives an hour.</summary>
internal sealed record IdentitySettings
{
    public static readonly IdentitySettings Default = new();

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When Entra recommends to ask anew (<c>refresh_in</c>); null: it does not say.</summary>
    public TimeSpan? RefreshAfter { get; init; }

    /// <summary>Null: every tenant exists.</summary>
    public IReadOnlyList<Tenant>? Tenants { get; init; }

    /// <summary>Null: every application exists and any secret or assertion is its own.</summary>
    public IReadOnlyList<KnownClient>? Clients { get; init; }

    public bool HasSystemIdentity { get; init; } = true;

    /// <summary>Client ids; null: every one is assigned.</summary>
    public IReadOnlyList<string>? UserIdentities { get; init; }

    /// <summary>What App Service expects in <c>X-IDENTITY-HEADER</c>; null: anything.</summary>
    public string? IdentityHeader { get; init; }

    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>As it was given, to be shown again.</summary>
    public string Json { get; init; } = "{}";
}

/// <summary>An application registration.</summary>
/// <param name="Secrets">Null: any.</param>
/// <param name="Subjects">Of federated credentials: whose assertions it takes; null: anybody's.</param>
internal sealed record KnownClient(string Id, IReadOnlyList<string>? Secrets, IReadOnlyList<string>? Subjects, IReadOnlyList<string> Roles);
