using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>An event as people see it; its definition is without the shared secret.</summary>
/// <param name="Owner">The organiser whose event it is; null is nobody but administrators.</param>
/// <param name="Opens">Null, as are <paramref name="Ends"/> and <paramref name="Standing"/>, where the window makes no sense.</param>
/// <param name="AttendeeCount">Without those who were removed.</param>
/// <param name="KeyCount">Keys that work.</param>
public sealed record EventView(
    EventDefinition Definition,
    IReadOnlyList<Limit> Limits,
    string? Owner,
    IReadOnlyList<string> CoOrganisers,
    DateTimeOffset? Opens,
    DateTimeOffset? Ends,
    Standing? Standing,
    bool HasSharedSecret,
    long AttendeeCount,
    long KeyCount,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt);
