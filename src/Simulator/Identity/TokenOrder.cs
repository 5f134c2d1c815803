using System.Text.Json.Nodes;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>What a token is to say.</summary>
internal sealed record TokenOrder
{
    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    /// <summary>The claim <c>tid</c>.</summary>
    public required string TenantId { get; init; }

    /// <summary>The claim <c>oid</c>.</summary>
    public required string ObjectId { get; init; }

    public required string Subject { get; init; }

    /// <summary>The claims <c>appid</c> and <c>azp</c>; null: there are none.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whether an application comes in its own name rather than in a person's.</summary>
    public bool IsForApplication { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long NotBefore { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Expires { get; init; }

    /// <summary>RS256, PS256 or ES256.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>Null: the newest key.</summary>
    public string? KeyId { get; init; }

    /// <summary>More claims; they win over the others, and a null takes a claim away.</summary>
    public JsonObject? Claims { get; init; }
}
