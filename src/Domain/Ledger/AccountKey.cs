using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>Which account a use belongs to: a scope, a unit and one window. Not a limit: caps may change, what was used stays.</summary>
/// <param name="Event">The event's code.</param>
/// <param name="Attendee">By number; 0 is all of them.</param>
/// <param name="Model">By name; empty is all of them.</param>
/// <param name="Start">The first second of the window, since 1970 in UTC; 0 where there is no window to begin anew (event, in flight).</param>
public readonly record struct AccountKey(string Event, long Attendee, string Model, LimitUnit Unit, LimitWindow Window, long Start);
