using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

/// <summary>Expected instants were worked out by hand from the zones' published rules.</summary>
public sealed class WindowBoundsTests
{
    private static readonly TimeZoneInfo[] Zones = [.. TimeZoneInfo.GetSystemTimeZones()];

    [Theory]
    // An hour is skipped, an hour is repeated.
    [InlineData("Australia/Sydney", "2024-10-05T20:00Z", "2024-10-05T14:00Z", "2024-10-06T13:00Z")]
    [InlineData("Australia/Sydney", "2024-04-07T00:00Z", "2024-04-06T13:00Z", "2024-04-07T14:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T09:59:59Z", "2024-03-10T08:00Z", "2024-03-11T07:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T10:00Z", "2024-03-10T08:00Z", "2024-03-11T07:00Z")]
    [InlineData("America/Los_Angeles", "2024-11-03T09:30Z", "2024-11-03T07:00Z", "2024-11-04T08:00Z")]
    // Half an hour only.
    [InlineData("Australia/Lord_Howe", "2024-10-06T00:00Z", "2024-10-05T13:30Z", "2024-10-06T13:00Z")]
    [InlineData("Australia/Lord_Howe", "2024-04-07T00:00Z", "2024-04-06T13:00Z", "2024-04-07T13:30Z")]
    // Midnight is skipped: the day begins at one o'clock, the end of the gap.
    [InlineData("Africa/Cairo", "2024-04-26T12:00Z", "2024-04-25T22:00Z", "2024-04-26T21:00Z")]
    [InlineData("Africa/Cairo", "2024-04-25T21:59:59Z", "2024-04-24T22:00Z", "2024-04-25T22:00Z")]
    [InlineData("America/Santiago", "2024-09-08T12:00Z", "2024-09-08T04:00Z", "2024-09-09T03:00Z")]
    [InlineData("America/Santiago", "2024-09-08T03:59:59Z", "2024-09-07T04:00Z", "2024-09-08T04:00Z")]
    // The last hour before midnight is repeated.
    [InlineData("Africa/Cairo", "2024-10-31T21:30Z", "2024-10-30T21:00Z", "2024-10-31T22:00Z")]
    [InlineData("America/Santiago", "2024-04-07T03:30Z", "2024-04-06T03:00Z", "2024-04-07T04:00Z")]
    // Half an hour beside everybody else's.
    [InlineData("Asia/Kolkata", "2024-07-01T00:00Z", "2024-06-30T18:30Z", "2024-07-01T18:30Z")]
    // A day that never was lies behind this one, and clocks that are moved for good.
    [InlineData("Pacific/Apia", "2011-12-30T09:00Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z")]
    [InlineData("Asia/Almaty", "2024-02-29T18:30Z", "2024-02-28T18:00Z", "2024-02-29T19:00Z")]
    public void Day_is_the_date_on_the_wall(string zone, string at, string start, string end) =>
        Of(LimitWindow.Day, zone, at).ShouldBe(Bounds(start, end));

    [Theory]
    [InlineData("America/Los_Angeles", "2024-11-03T08:30Z", "2024-11-03T08:00Z", "2024-11-03T10:00Z")] // both of the two
    [InlineData("America/Los_Angeles", "2024-11-03T09:30Z", "2024-11-03T08:00Z", "2024-11-03T10:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T10:00Z", "2024-03-10T10:00Z", "2024-03-10T11:00Z")]
    [InlineData("Australia/Sydney", "2024-04-06T15:30Z", "2024-04-06T15:00Z", "2024-04-06T17:00Z")]
    [InlineData("Australia/Lord_Howe", "2024-10-05T15:45Z", "2024-10-05T15:30Z", "2024-10-05T16:00Z")] // its first half is skipped
    [InlineData("Australia/Lord_Howe", "2024-04-06T15:10Z", "2024-04-06T14:00Z", "2024-04-06T15:30Z")] // its second half is repeated
    [InlineData("Africa/Cairo", "2024-10-31T21:30Z", "2024-10-31T20:00Z", "2024-10-31T22:00Z")]
    [InlineData("America/Santiago", "2024-04-07T02:30Z", "2024-04-07T02:00Z", "2024-04-07T04:00Z")]
    [InlineData("Asia/Kolkata", "2024-07-01T03:30Z", "2024-07-01T03:30Z", "2024-07-01T04:30Z")]
    [InlineData("Asia/Kolkata", "2024-07-01T03:29:59Z", "2024-07-01T02:30Z", "2024-07-01T03:30Z")]
    [InlineData("Asia/Kathmandu", "2024-07-01T03:30Z", "2024-07-01T03:15Z", "2024-07-01T04:15Z")]
    public void Hour_is_the_hour_on_the_wall(string zone, string at, string start, string end) =>
        Of(LimitWindow.Hour, zone, at).ShouldBe(Bounds(start, end));

    [Theory]
    [InlineData("2024-11-03T08:30:59.9Z", "2024-11-03T08:30Z", "2024-11-03T08:31Z")]
    [InlineData("2024-11-03T09:30:00Z", "2024-11-03T09:30Z", "2024-11-03T09:31Z")] // a minute that is repeated an hour later is another
    public void Minute_is_the_minute_on_the_wall(string at, string start, string end) =>
        Of(LimitWindow.Minute, "America/Los_Angeles", at).ShouldBe(Bounds(start, end));

    [Fact]
    public void Whole_event_never_begins_anew() =>
        Of(LimitWindow.Event, "Asia/Kolkata", "2024-07-01T03:30Z").ShouldBe(new WindowBounds(0, null));

    [Theory]
    // An event that begins in the gap begins at its end, and with it a day where midnight was skipped.
    [InlineData("Africa/Cairo", "2024-04-26T00:30", "2024-04-25T22:00Z", "2024-04-26T21:00Z")]
    [InlineData("America/Santiago", "2024-09-08T00:00", "2024-09-08T04:00Z", "2024-09-09T03:00Z")]
    [InlineData("Australia/Sydney", "2024-10-06T02:30", "2024-10-05T14:00Z", "2024-10-06T13:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T02:30", "2024-03-10T08:00Z", "2024-03-11T07:00Z")]
    [InlineData("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T13:30Z", "2024-10-06T13:00Z")]
    public void Event_that_begins_in_the_gap_has_that_day(string zone, string wall, string start, string end)
    {
        var window = new EventWindow(Wall(wall), Wall(wall).AddDays(3), TimeZoneInfo.FindSystemTimeZoneById(zone));

        WindowBounds.Of(LimitWindow.Day, window.Opens, window).ShouldBe(Bounds(start, end));
    }

    [Theory]
    // The last moment before the end of an event that ends in the gap.
    [InlineData("Africa/Cairo", "2024-04-26T00:30", "2024-04-24T22:00Z", "2024-04-25T22:00Z")]
    [InlineData("America/Santiago", "2024-09-08T00:30", "2024-09-07T04:00Z", "2024-09-08T04:00Z")]
    [InlineData("Australia/Sydney", "2024-10-06T02:30", "2024-10-05T14:00Z", "2024-10-06T13:00Z")]
    public void Event_that_ends_in_the_gap_has_the_day_before_it(string zone, string wall, string start, string end)
    {
        var window = new EventWindow(Wall(wall).AddDays(-3), Wall(wall), TimeZoneInfo.FindSystemTimeZoneById(zone));

        WindowBounds.Of(LimitWindow.Day, window.Ends.AddTicks(-1), window).ShouldBe(Bounds(start, end));
    }

    [Fact]
    public void Windows_of_each_kind_part_time_without_gap_or_overlap() => ForMoments((zone, at) =>
    {
        foreach (var kind in new[] { LimitWindow.Minute, LimitWindow.Hour, LimitWindow.Day })
        {
            var bounds = Of(kind, zone, at);
            var end = bounds.End!.Value.ToUnixTimeSeconds();
            (bounds.Start <= at && at < end).ShouldBeTrue();
            Of(kind, zone, bounds.Start).ShouldBe(bounds);
            Of(kind, zone, end - 1).ShouldBe(bounds);
            Of(kind, zone, end).Start.ShouldBe(end);
        }
    });

    [Fact]
    public void All_of_an_hour_shows_one_hour_and_its_neighbours_others() => ForMoments((zone, at) =>
        ShowsOne(Of(LimitWindow.Hour, zone, at), 60, second => Wall(zone, second).Ticks / TimeSpan.TicksPerHour));

    [Fact]
    public void All_of_a_day_shows_one_date_and_its_neighbours_others() => ForMoments((zone, at) =>
        ShowsOne(Of(LimitWindow.Day, zone, at), 900, second => Wall(zone, second).Ticks / TimeSpan.TicksPerDay));

    [Fact]
    public void Days_are_made_of_whole_hours_and_hours_of_whole_minutes() => ForMoments((zone, at) =>
    {
        IsMadeOf(LimitWindow.Hour, zone, Of(LimitWindow.Day, zone, at));
        IsMadeOf(LimitWindow.Minute, zone, Of(LimitWindow.Hour, zone, at));
    });

    private static void IsMadeOf(LimitWindow part, TimeZoneInfo zone, WindowBounds whole)
    {
        var end = whole.End!.Value.ToUnixTimeSeconds();
        var next = whole.Start;
        while (next < end)
        {
            var bounds = Of(part, zone, next);
            bounds.Start.ShouldBe(next);
            next = bounds.End!.Value.ToUnixTimeSeconds();
        }
        next.ShouldBe(end);
    }

    private static void ShowsOne(WindowBounds bounds, long step, Func<long, long> shown)
    {
        var end = bounds.End!.Value.ToUnixTimeSeconds();
        var one = shown(bounds.Start);
        for (var second = bounds.Start; second < end; second += step)
            shown(second).ShouldBe(one);
        shown(end - 1).ShouldBe(one);
        shown(end).ShouldNotBe(one);
        shown(bounds.Start - 1).ShouldNotBe(one);
    }

    // Every zone of the system, from 1970 to 2037: anywhere, and around the changes of its clocks.
    private static void ForMoments(Action<TimeZoneInfo, long> check)
    {
        var moments =
            from zone in Gen.Elements(Zones)
            from day in Gen.Choose(0, 24_800)
            from second in Gen.Choose(0, 86_399)
            from nearChange in Gen.Elements(true, false)
            let at = day * 86_400L + second
            select (Zone: zone, At: nearChange ? NextChange(zone, at - second) + second / 8 - 5_400 : at);

        Prop.ForAll(moments.ToArbitrary(), m => check(m.Zone, m.At)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    // The hour after which the offset is another, within a year.
    private static long NextChange(TimeZoneInfo zone, long second)
    {
        var offset = zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(second));
        for (var hour = 0; hour < 366 * 24; hour++, second += 3_600)
            if (zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(second)) != offset)
                return second;
        return second;
    }

    private static WindowBounds Of(LimitWindow kind, string zone, string at) =>
        WindowBounds.Of(kind, Instant(at), EventIn(TimeZoneInfo.FindSystemTimeZoneById(zone)));

    private static WindowBounds Of(LimitWindow kind, TimeZoneInfo zone, long second) =>
        WindowBounds.Of(kind, DateTimeOffset.FromUnixTimeSeconds(second), EventIn(zone));

    private static EventWindow EventIn(TimeZoneInfo zone) => new(new DateTime(2024, 1, 1), new DateTime(2025, 1, 1), zone);

    private static DateTime Wall(TimeZoneInfo zone, long second) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone).DateTime;

    private static DateTime Wall(string text) => DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None);

    private static WindowBounds Bounds(string start, string end) => new(Instant(start).ToUnixTimeSeconds(), Instant(end));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
