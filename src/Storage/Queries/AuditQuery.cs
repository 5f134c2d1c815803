using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by at, newest first unless it says otherwise; searches actors, names and events.</summary>
public sealed record AuditQuery : PageQuery
{
    public string? Actor { get; init; }

    public AuditKind? Kind { get; init; }

    public string? Name { get; init; }

    /// <summary>An event's code, in any case.</summary>
    public string? Event { get; init; }

    /// <summary>At or after this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}
