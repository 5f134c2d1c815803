namespace OpenAIProxy.Domain.Limits;

/// <summary>The limits of a new event, until its organiser changes them.</summary>
/// <remarks>
/// All of them are for each attendee, because a new event does not know how many will come; together with the event's cap of
/// attendees they bound the whole. None is about money: a limit on money refuses models without a price, and the prices that
/// come with the product are unverified, so an organiser sets it knowingly or not at all.
/// </remarks>
public static class DefaultLimits
{
    /// <summary>One a second: more than a person types or an agent's loop needs, less than a loop without an end costs.</summary>
    public const long RequestsPerMinute = 60;

    /// <summary>What browsers open to one server and a little more: enough for tests in parallel, not for one to crowd out all others.</summary>
    public const long RequestsInFlight = 10;

    /// <summary>Days of work for a person, minutes for a loop. At the starting price of gpt-4o that is 2.50 to 10 dollars, of gpt-4o-mini 0.15 to 0.60.</summary>
    public const long TokensPerDay = 1_000_000;

    /// <summary>Their ids are 0: they are not stored yet.</summary>
    public static readonly IReadOnlyList<Limit> All =
    [
        new(0, LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Minute, RequestsPerMinute),
        new(0, LimitScope.Attendee, LimitUnit.TotalTokens, LimitWindow.Day, TokensPerDay),
        new(0, LimitScope.Attendee, LimitUnit.InFlight, LimitWindow.Event, RequestsInFlight),
    ];
}
