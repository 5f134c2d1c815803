using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Limits;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Portal.Events;

/// <summary>An event as the API shows it: what organisers wrote, and what has become of it.</summary>
internal sealed record EventAnswer : EventBody
{
    [SetsRequiredMembers]
    public EventAnswer(EventView view)
        : base(Of(view.Definition)) => (Limits, Owner, CoOrganisers, OpensAt, EndsAt, Standing, HasSharedSecret, AttendeeCount, KeyCount, CreatedAt, ChangedAt, Etag) =
            ([.. view.Limits.Select(l => new LimitAnswer(l, view.Version))], view.Owner, view.CoOrganisers, view.Opens, view.Ends, view.Standing, view.HasSharedSecret, view.AttendeeCount, view.KeyCount, view.CreatedAt, view.ChangedAt, ETag.Of(view.Version));

    /// <summary>How much may be used. They are added, changed and removed one by one.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<LimitAnswer> Limits { get; }

    /// <summary>The organiser whose event it is; null is nobody's but the administrators'.</summary>
    [JsonPropertyOrder(1)]
    public string? Owner { get; }

    [JsonPropertyOrder(1)]
    public IReadOnlyList<string> CoOrganisers { get; }

    /// <summary>The start in UTC.</summary>
    [JsonPropertyOrder(1)]
    public DateTimeOffset? OpensAt { get; }

    /// <summary>The end in UTC.</summary>
    [JsonPropertyOrder(1)]
    public DateTimeOffset? EndsAt { get; }

    /// <summary>Whether it lets people in now, and if not, why not.</summary>
    [JsonPropertyOrder(1)]
    public Standing? Standing { get; }

    [JsonPropertyOrder(1)]
    public bool HasSharedSecret { get; }

    [JsonPropertyOrder(1)]
    public long AttendeeCount { get; }

    /// <summary>Keys that work.</summary>
    [JsonPropertyOrder(1)]
    public long KeyCount { get; }

    [JsonPropertyOrder(1)]
    public DateTimeOffset CreatedAt { get; }

    [JsonPropertyOrder(1)]
    public DateTimeOffset ChangedAt { get; }

    /// <summary>To be sent as If-Match with a change.</summary>
    [JsonPropertyOrder(1)]
    public string Etag { get; }
}
