using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>An event of a document; see <see cref="EventDefinition"/> for what values may be.</summary>
public sealed record ConfiguredEvent
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public required Organiser Organiser { get; init; }

    public string? ImageUrl { get; init; }

    /// <summary>Wall time in <see cref="TimeZone"/>.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Wall time in <see cref="TimeZone"/>.</summary>
    public required DateTime End { get; init; }

    public required string TimeZone { get; init; }

    /// <summary>Null keeps the one there is; a new event is a draft.</summary>
    public EventState? State { get; init; }

    public IReadOnlyList<string> Models { get; init; } = [];

    public ConfiguredDefaults Defaults { get; init; } = new();

    public long OutputCap { get; init; } = Event.DefaultOutputCap;

    public long ReasoningOutputCap { get; init; } = Event.DefaultReasoningOutputCap;

    public Entrance Entrance { get; init; } = Entrance.AnyUser;

    /// <summary>Null keeps the one there is.</summary>
    public string? SharedSecret { get; init; }

    public bool HashesUserIds { get; init; }

    public bool CutsInFlight { get; init; }

    public int AttendeeCap { get; init; } = Event.DefaultAttendeeCap;

    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    public TokenAdmissionDefinition? TokenAdmission { get; init; }

    public StreamMode? StreamMode { get; init; }

    public int? RetentionDays { get; init; }

    /// <summary>Null keeps those there are; a new event has <see cref="DefaultLimits"/> then.</summary>
    public IReadOnlyList<ConfiguredLimit>? Limits { get; init; }

    /// <summary>Null keeps the one there is.</summary>
    public string? Owner { get; init; }

    /// <summary>Null keeps those there are.</summary>
    public IReadOnlyList<string>? CoOrganisers { get; init; }

    // Records print their members; a secret must not end up in a log that way.
    public override string ToString() => $"ConfiguredEvent({Code})";
}

/// <summary>Which model, by name or alias, answers an operation when a request names none.</summary>
public sealed record ConfiguredDefaults(string? ChatCompletions = null, string? Completions = null, string? Embeddings = null);
