using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class EventLifeTests
{
    private static readonly EventWindow Window = new(At(9), At(18), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
    private static readonly DateTimeOffset During = Window.Opens.AddHours(1);

    public static TheoryData<EventState, string, EventState?> Steps()
    {
        var table = new TheoryData<EventState, string, EventState?>();
        Row("open", EventState.Open, EventState.Open, EventState.Open, EventState.Open, null);
        Row("pause", null, EventState.Paused, EventState.Paused, null, null);
        Row("resume", null, EventState.Open, EventState.Open, null, null);
        Row("close", null, EventState.Closed, EventState.Closed, EventState.Closed, null);
        Row("archive", null, null, null, EventState.Archived, EventState.Archived);
        Row("extend", EventState.Draft, EventState.Open, EventState.Paused, EventState.Closed, null);
        return table;

        void Row(string step, params EventState?[] next)
        {
            foreach (var (from, to) in Enum.GetValues<EventState>().Zip(next))
                table.Add(from, step, to);
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Each_step_leads_where_the_table_says_or_says_why_not(EventState from, string step, EventState? to)
    {
        var life = new EventLife(from, Window);

        var next = step switch
        {
            "open" => life.Open(During),
            "pause" => life.Pause(),
            "resume" => life.Resume(During),
            "close" => life.Close(),
            "archive" => life.Archive(),
            _ => life.ExtendBy(TimeSpan.FromHours(1), During),
        };

        next.Next?.State.ShouldBe(to!.Value);
        next.IsAllowed.ShouldBe(to is not null);
        (next.Refusal is null).ShouldBe(to is not null);
    }

    [Theory]
    [InlineData(EventState.Draft)]
    [InlineData(EventState.Paused)]
    [InlineData(EventState.Closed)]
    public void Event_whose_window_has_ended_is_opened_after_it_is_extended(EventState state)
    {
        var life = new EventLife(state, Window);

        life.Open(Window.Ends).Refusal!.ShouldContain("extend it first");
        life.ExtendBy(TimeSpan.FromHours(1), Window.Ends).Next!.Open(Window.Ends).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Extending_needs_a_later_end_that_is_still_to_come()
    {
        var life = new EventLife(EventState.Open, Window);

        life.ExtendTo(At(18), During).IsAllowed.ShouldBeFalse();
        life.ExtendTo(At(19), Window.Ends.AddHours(1)).Refusal!.ShouldContain("over already");
        life.ExtendTo(At(19), Window.Ends.AddHours(1).AddTicks(-1)).IsAllowed.ShouldBeTrue();
        life.ExtendBy(TimeSpan.Zero, During).IsAllowed.ShouldBeFalse();
        life.ExtendBy(TimeSpan.MaxValue, During).IsAllowed.ShouldBeFalse();
        life.ExtendTo(DateTime.MaxValue, During).Refusal.ShouldBe("that is later than any calendar goes.");
        life.ExtendBy(DateTimeOffset.MaxValue - Window.Ends - TimeSpan.FromDays(2), During).IsAllowed.ShouldBeFalse();
        life.ExtendTo(At(19), During).Next!.Window.End.ShouldBe(At(19));
    }

    [Fact]
    public void Hours_that_are_added_pass_also_where_the_clocks_change()
    {
        var evening = new DateTime(2030, 10, 26, 20, 0, 0, DateTimeKind.Unspecified);
        var life = new EventLife(EventState.Open, new EventWindow(evening, evening.AddHours(2), Window.TimeZone));

        var next = life.ExtendBy(TimeSpan.FromHours(12), life.Window.Opens).Next!;

        (next.Window.Ends - life.Window.Ends).ShouldBe(TimeSpan.FromHours(12));
        next.Window.End.ShouldBe(evening.AddHours(13));
    }

    private static DateTime At(int hour) => new(2030, 5, 1, hour, 0, 0, DateTimeKind.Unspecified);
}
