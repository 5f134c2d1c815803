using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>An attendee as organisers see them.</summary>
/// <param name="ByCode">Whether they came in by the event's code, and count against its cap.</param>
/// <param name="KeyCount">Keys that work.</param>
public sealed record AttendeeView(long Id, string Name, bool IsBlocked, bool ByCode, DateTimeOffset EnteredAt, long KeyCount)
{
    /// <summary>In the order of the limits.</summary>
    public IReadOnlyList<RaisedCap> RaisedCaps { get; init; } = [];

    /// <summary>The last time that they were refused; null where they never were, or that has been purged.</summary>
    public LastRefusal? LastRefusal { get; init; }
}
