namespace OpenAIProxy.Simulator.Identity;

internal enum OutageKind
{
    /// <summary>An error with a status.</summary>
    Status,

    /// <summary>No answer until the client goes.</summary>
    Hang,

    /// <summary>A success whose JSON ends in the middle.</summary>
    Garbage,
}

/// <summary>One endpoint that does not work.</summary>
internal sealed record Outage(IdentityEndpoint Endpoint, OutageKind Kind)
{
    public int Status { get; init; } = 503;

    /// <summary>JSON; null: Entra's own for a service that is down.</summary>
    public string? Body { get; init; }

    public string? RetryAfter { get; init; }

    /// <summary>How many requests pass first.</summary>
    public long Skip { get; init; }

    /// <summary>Null: for ever.</summary>
    public long? Times { get; init; }
}
