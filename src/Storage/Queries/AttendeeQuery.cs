namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by name or enteredAt (the default); searches names.</summary>
public sealed record AttendeeQuery : PageQuery
{
    public bool? IsBlocked { get; init; }

    /// <summary>Who has exactly this user id: as they write it, also where the event stores only its hash. Null is anybody.</summary>
    public string? User { get; init; }
}
