using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>An event as it is written down: plain values, which putting it checks.</summary>
public sealed record EventDefinition
{
    public required string Code { get; init; }

    /// <summary>What people call the event: 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Markdown, at most 20,000 characters.</summary>
    public string Description { get; init; } = "";

    public required Organiser Organiser { get; init; }

    /// <summary>An absolute http or https URL, or null.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Wall time in <see cref="TimeZone"/>.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Wall time in <see cref="TimeZone"/>, after <see cref="Start"/>.</summary>
    public required DateTime End { get; init; }

    /// <summary>The IANA name of a zone, such as <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    public EventState State { get; init; } = EventState.Draft;

    /// <summary>Names in the catalogue, in the order in which they are listed to people.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Which of <see cref="Models"/>, by name or alias, answers an operation when a request names none.</summary>
    public IReadOnlyDictionary<Operation, string> Defaults { get; init; } = new Dictionary<Operation, string>();

    /// <summary>The most output tokens that one request may ask for; at least 1.</summary>
    public long OutputCap { get; init; } = Event.DefaultOutputCap;

    /// <summary>The same for reasoning models; at least 1.</summary>
    public long ReasoningOutputCap { get; init; } = Event.DefaultReasoningOutputCap;

    public Entrance Entrance { get; init; } = Entrance.AnyUser;

    /// <summary>What becomes of the shared secret; <see cref="Entrance.SharedSecret"/> needs one.</summary>
    public SharedSecret SharedSecret { get; init; } = SharedSecret.Unchanged;

    /// <summary>Whether user ids are stored as hashes only; cannot change once somebody has come.</summary>
    public bool HashesUserIds { get; init; }

    /// <summary>Whether requests in flight are cut off when the event stops letting them in.</summary>
    public bool CutsInFlight { get; init; }

    /// <summary>How many attendees may come in by code; at least 1.</summary>
    public int AttendeeCap { get; init; } = Event.DefaultAttendeeCap;

    /// <summary>Origins such as <c>https://app.example</c>, or <c>*</c> for any.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>Whose tokens let people in beside codes and keys; null is nobody's.</summary>
    public TokenAdmissionDefinition? TokenAdmission { get; init; }

    /// <summary>How streams are passed on; null is as each surface does by itself.</summary>
    public StreamMode? StreamMode { get; init; }

    /// <summary>For how many days after its admission each request's entry is kept, 0 to <see cref="Retention.MostDays"/>; null is for ever. Sums stay.</summary>
    public int? RetentionDays { get; init; }
}
