namespace OpenAIProxy.Domain.Limits;

/// <summary>How much of a unit a scope may use in a window.</summary>
/// <param name="Id">The number by which storage and people know it; 0 until it is stored.</param>
/// <param name="Cap">From 0 to <see cref="MaxCap"/>, in the unit: requests, tokens or micro-dollars. More counts as that.</param>
/// <param name="Model">
/// The one model it is for, by its name in the catalogue; null is every model, each for itself where the scope says so.
/// A limit on attendees or the event that names a model counts only the use of that model.
/// </param>
public sealed record Limit(long Id, LimitScope Scope, LimitUnit Unit, LimitWindow Window, long Cap, string? Model = null)
{
    /// <summary>
    /// Nine million dollars, or as many million tokens: more than any event has, and less than where arithmetic saturates, so that
    /// what is too much to be counted fits nowhere.
    /// </summary>
    public const long MaxCap = 9_000_000_000_000;

    /// <summary>Whether it counts what one attendee uses rather than everybody.</summary>
    public bool IsPersonal => Scope is LimitScope.Attendee or LimitScope.AttendeeModel;
}
