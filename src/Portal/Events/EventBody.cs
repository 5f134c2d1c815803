using System.Text.Json.Serialization;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Portal.Events;

/// <summary>An event as organisers write it.</summary>
internal record EventBody
{
    /// <summary>What attendees type: 2 to 64 letters, digits, '.', '_' or '-'.</summary>
    public required string Code { get; init; }

    /// <summary>What people call the event.</summary>
    public required string Name { get; init; }

    /// <summary>Markdown; shown to everybody.</summary>
    public string Description { get; init; } = "";

    public required OrganiserBody Organiser { get; init; }

    public string? ImageUrl { get; init; }

    /// <summary>Wall time in the time zone, such as 2026-05-01T09:00.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Wall time in the time zone.</summary>
    public required DateTime End { get; init; }

    /// <summary>An IANA name, such as Europe/Berlin.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Names of models of the catalogue, in the order in which they are listed to people.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The model for each operation where a request names none.</summary>
    public IReadOnlyDictionary<Operation, string> Defaults { get; init; } = new Dictionary<Operation, string>();

    /// <summary>The most output tokens one request may ask for.</summary>
    public long OutputCap { get; init; } = Event.DefaultOutputCap;

    /// <summary>The same for reasoning models.</summary>
    public long ReasoningOutputCap { get; init; } = Event.DefaultReasoningOutputCap;

    /// <summary>How people come in.</summary>
    public Entrance Entrance { get; init; }

    /// <summary>For the entrance sharedSecret. Never shown again; absent or null leaves the one there is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SharedSecret { get; init; }

    /// <summary>Whether user ids are stored as hashes only.</summary>
    public bool HashesUserIds { get; init; }

    /// <summary>Whether requests in flight are cut off when the event stops letting them in (paused, closed, key revoked, model taken out, attendee blocked).</summary>
    public bool CutsInFlight { get; init; }

    /// <summary>How many people may come in by code.</summary>
    public int AttendeeCap { get; init; } = Event.DefaultAttendeeCap;

    /// <summary>Origins of web pages that may call; * is any, none is none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>
    /// Whose tokens of Microsoft Entra ID let people in beside codes and keys; null is nobody's. The tenantId is the directory's GUID; of up to 8 audiences a token
    /// must have one; where there are groups (object ids) or roles, it must have one of those. The authority is Entra ID's public cloud where it is null.
    /// </summary>
    public TokenAdmissionDefinition? TokenAdmission { get; init; }

    /// <summary>How streams are passed on: faithful is byte by byte as Azure sends them, strict is for clients that expect choices in every chunk; null is as each surface does by itself.</summary>
    public StreamMode? StreamMode { get; init; }

    /// <summary>
    /// For how many days after its admission it is known of each request what it used, 0 to 3650; null is for ever. Whole hours go together, and nothing goes in
    /// the first hour. Sums stay, and with them reports and limits.
    /// </summary>
    public int? RetentionDays { get; init; }

    /// <summary>draft or open when the event is made; afterwards it is changed by open, pause, resume, close and archive.</summary>
    public EventState State { get; init; } = EventState.Draft;

    public EventDefinition ToDefinition() => new()
    {
        Code = Code,
        Name = Name,
        Description = Description,
        Organiser = new Organiser(Organiser.Name, Organiser.Email),
        ImageUrl = ImageUrl,
        Start = Start,
        End = End,
        TimeZone = TimeZone,
        State = State,
        Models = Models,
        // null is how a change takes a default away.
        Defaults = Defaults.Where(d => d.Value is not null).ToDictionary(d => d.Key, d => d.Value),
        OutputCap = OutputCap,
        ReasoningOutputCap = ReasoningOutputCap,
        Entrance = Entrance,
        SharedSecret = SharedSecret is null ? Storage.Sql.Events.SharedSecret.Unchanged : Storage.Sql.Events.SharedSecret.New(SharedSecret),
        HashesUserIds = HashesUserIds,
        CutsInFlight = CutsInFlight,
        AttendeeCap = AttendeeCap,
        AllowedOrigins = AllowedOrigins,
        TokenAdmission = TokenAdmission,
        StreamMode = StreamMode,
        RetentionDays = RetentionDays,
    };

    public static EventBody Of(EventDefinition definition) => new()
    {
        Code = definition.Code,
        Name = definition.Name,
        Description = definition.Description,
        Organiser = new OrganiserBody(definition.Organiser.Name, definition.Organiser.Email),
        ImageUrl = definition.ImageUrl,
        Start = definition.Start,
        End = definition.End,
        TimeZone = definition.TimeZone,
        State = definition.State,
        Models = definition.Models,
        Defaults = definition.Defaults,
        OutputCap = definition.OutputCap,
        ReasoningOutputCap = definition.ReasoningOutputCap,
        Entrance = definition.Entrance,
        HashesUserIds = definition.HashesUserIds,
        CutsInFlight = definition.CutsInFlight,
        AttendeeCap = definition.AttendeeCap,
        AllowedOrigins = definition.AllowedOrigins,
        TokenAdmission = definition.TokenAdmission,
        StreamMode = definition.StreamMode,
        RetentionDays = definition.RetentionDays,
    };
}

/// <param name="Email">Shown to attendees, never to the public.</param>
internal sealed record OrganiserBody(string Name, string? Email = null);
