using System.Diagnostics.CodeAnalysis;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Portal.Versions;

namespace OpenAIProxy.Portal.Limits;

/// <summary>A limit as organisers write it.</summary>
internal record LimitBody
{
    /// <summary>Whose use it counts together: each attendee's, the whole event's, that of each model, or each attendee's of each model.</summary>
    public required LimitScope Scope { get; init; }

    public required LimitUnit Unit { get; init; }

    /// <summary>When it begins anew, by the calendar of the event's time zone; event is never, which is all that requests in flight can have.</summary>
    public LimitWindow Window { get; init; } = LimitWindow.Event;

    /// <summary>0 to 9,000,000,000,000 in the unit; money in micro-dollars: a dollar is 1,000,000.</summary>
    public required long Cap { get; init; }

    /// <summary>The one model it is for; null is every model.</summary>
    public string? Model { get; init; }

    public Limit ToLimit() => new(0, Scope, Unit, Window, Cap, Model);

    public static LimitBody Of(Limit limit) => new() { Scope = limit.Scope, Unit = limit.Unit, Window = limit.Window, Cap = limit.Cap, Model = limit.Model };
}

/// <summary>A limit as the API shows it.</summary>
[method: SetsRequiredMembers]
internal sealed record LimitAnswer(Limit Limit, long Version) : LimitBody(Of(Limit))
{
    private Limit Limit { get; } = Limit;

    private long Version { get; } = Version;

    /// <summary>It never changes, and no other limit will have it.</summary>
    public long Id => Limit.Id;

    /// <summary>The event's, to which the limit belongs. To be sent as If-Match with a change.</summary>
    public string Etag => ETag.Of(Version);
}

/// <param name="Cap">In the limit's unit; it may be below what has been used.</param>
internal sealed record CapBody(long Cap);

/// <summary>A cap that one attendee has.</summary>
/// <param name="Limit">The limit's id.</param>
/// <param name="Cap">It counts where it is above the limit's own.</param>
internal sealed record CapAnswer(long Limit, long Cap);
