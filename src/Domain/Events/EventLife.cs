namespace OpenAIProxy.Domain.Events;

/// <summary>
/// The life of an event: draft → open ⇄ paused → closed → archived. A step that is done already is no mistake.
/// A closed event may be opened again as long as its window has not ended: closing is often a slip.
/// </summary>
public sealed record EventLife(EventState State, EventWindow Window)
{
    private const string TooLate = "that is later than any calendar goes.";

    // No zone is so far from UTC that wall times up to here have no instant.
    private static readonly DateTime LatestEnd = DateTime.MaxValue.AddDays(-2);

    public EventStep Open(DateTimeOffset now) => State switch
    {
        EventState.Open => this,
        EventState.Archived => Refused("it is archived for its reports: copy it into a new event."),
        _ when now >= Window.Ends => Refused($"it ended at {Window.End:yyyy-MM-dd HH:mm} ({Window.TimeZone.Id}): extend it first."),
        _ => this with { State = EventState.Open },
    };

    public EventStep Pause() => State switch
    {
        EventState.Open or EventState.Paused => this with { State = EventState.Paused },
        _ => Refused($"only an open event can be paused, and this one is {Word(State)}."),
    };

    public EventStep Resume(DateTimeOffset now) => State switch
    {
        EventState.Open or EventState.Paused => Open(now),
        _ => Refused($"only a paused event can be resumed, and this one is {Word(State)}."),
    };

    public EventStep Close() => State switch
    {
        EventState.Open or EventState.Paused or EventState.Closed => this with { State = EventState.Closed },
        EventState.Draft => Refused("it has never been open: delete it instead."),
        _ => Refused($"only an open or paused event can be closed, and this one is {Word(State)}."),
    };

    public EventStep Archive() => State switch
    {
        EventState.Closed or EventState.Archived => this with { State = EventState.Archived },
        EventState.Draft => Refused("it has never been open: delete it instead."),
        _ => Refused($"it is {Word(State)}: close it first."),
    };

    /// <param name="end">Wall time in the event's zone; later than the present end and still to come.</param>
    public EventStep ExtendTo(DateTime end, DateTimeOffset now)
    {
        if (State == EventState.Archived)
            return Refused("it is archived for its reports: copy it into a new event.");
        if (DateTime.SpecifyKind(end, DateTimeKind.Unspecified) <= Window.End)
            return Refused($"it lasts until {Window.End:yyyy-MM-dd HH:mm} already: an earlier end is set by changing the event.");
        if (end > LatestEnd)
            return Refused(TooLate);
        var window = new EventWindow(Window.Start, end, Window.TimeZone);
        return now >= window.Ends ? Refused("the new end is over already.") : this with { Window = window };
    }

    /// <param name="by">Time that passes, also where the clocks change meanwhile; more than none.</param>
    public EventStep ExtendBy(TimeSpan by, DateTimeOffset now)
    {
        if (by <= TimeSpan.Zero)
            return Refused("extend it by more than no time.");
        if (by > LatestEnd - Window.Ends.UtcDateTime)
            return Refused(TooLate);
        return ExtendTo(Window.Local(Window.Ends + by).DateTime, now);
    }

    private static EventStep Refused(string reason) => new(null, reason);

    private static string Word(EventState state) => state switch
    {
        EventState.Draft => "a draft",
        EventState.Open => "open",
        EventState.Paused => "paused",
        EventState.Closed => "closed",
        _ => "archived",
    };
}
