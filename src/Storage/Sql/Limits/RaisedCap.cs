using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Sql.Limits;

/// <summary>What one attendee has instead of everybody's cap.</summary>
/// <param name="Limit">The limit's id; what follows is the limit's.</param>
/// <param name="Model">The one model that the limit is for; null is every model.</param>
/// <param name="UsualCap">What everybody has. It counts where it is the higher one.</param>
/// <param name="Cap">In the limit's unit; money is in micro-dollars.</param>
public sealed record RaisedCap(long Limit, LimitScope Scope, LimitUnit Unit, LimitWindow Window, string? Model, long UsualCap, long Cap);
