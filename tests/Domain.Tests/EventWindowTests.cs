using System.Globalization;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

/// <summary>Expected instants were worked out by hand from the zones' published rules.</summary>
public sealed class EventWindowTests
{
    [Theory]
    // An ordinary summer's day, east and west of Greenwich, and where offsets have half hours.
    [InlineData("Europe/Berlin", "2024-07-01T09:00", "2024-07-01T07:00Z")]
    [InlineData("America/Los_Angeles", "2024-07-01T09:00", "2024-07-01T16:00Z")]
    [InlineData("Asia/Kolkata", "2024-07-01T09:00", "2024-07-01T03:30Z")]
    [InlineData("UTC", "2024-07-01T09:00", "2024-07-01T09:00Z")]
    // The clocks skip the hour: the event begins at the end of the gap.
    [InlineData("America/Los_Angeles", "2024-03-10T02:30", "2024-03-10T10:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T02:00", "2024-03-10T10:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T01:59", "2024-03-10T09:59Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T03:00", "2024-03-10T10:00Z")]
    [InlineData("Australia/Sydney", "2024-10-06T02:30", "2024-10-05T16:00Z")]
    // Half an hour only.
    [InlineData("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T15:30Z")]
    // Days without a midnight.
    [InlineData("Africa/Cairo", "2024-04-26T00:00", "2024-04-25T22:00Z")]
    [InlineData("Africa/Cairo", "2024-04-26T00:30", "2024-04-25T22:00Z")]
    [InlineData("America/Santiago", "2024-09-08T00:00", "2024-09-08T04:00Z")]
    // A day that never was.
    [InlineData("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00Z")]
    [InlineData("Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59Z")]
    [InlineData("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00Z")]
    // The clocks repeat the hour: the event begins at the first of the two.
    [InlineData("America/Los_Angeles", "2024-11-03T01:30", "2024-11-03T08:30Z")]
    [InlineData("Australia/Sydney", "2024-04-07T02:30", "2024-04-06T15:30Z")]
    [InlineData("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45Z")]
    [InlineData("Africa/Cairo", "2024-10-31T23:30", "2024-10-31T20:30Z")]
    [InlineData("America/Santiago", "2024-04-06T23:30", "2024-04-07T02:30Z")]
    // Not for the winter but for good.
    [InlineData("Asia/Almaty", "2024-02-29T23:30", "2024-02-29T17:30Z")]
    public void Event_opens(string zone, string wallTime, string expected) =>
        new EventWindow(Wall(wallTime), Wall(wallTime).AddDays(5), Zone(zone)).Opens.ShouldBe(Instant(expected));

    [Theory]
    [InlineData("Europe/Berlin", "2024-07-01T18:00", "2024-07-01T16:00Z")]
    [InlineData("America/Los_Angeles", "2024-03-10T02:30", "2024-03-10T10:00Z")]
    // The clocks repeat the hour: the event ends at the second of the two.
    [InlineData("America/Los_Angeles", "2024-11-03T01:30", "2024-11-03T09:30Z")]
    [InlineData("Australia/Sydney", "2024-04-07T02:30", "2024-04-06T16:30Z")]
    [InlineData("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T15:15Z")]
    [InlineData("Africa/Cairo", "2024-10-31T23:30", "2024-10-31T21:30Z")]
    [InlineData("America/Santiago", "2024-04-06T23:30", "2024-04-07T03:30Z")]
    [InlineData("Asia/Almaty", "2024-02-29T23:30", "2024-02-29T18:30Z")]
    public void Event_ends(string zone, string wallTime, string expected) =>
        new EventWindow(Wall(wallTime).AddDays(-5), Wall(wallTime), Zone(zone)).Ends.ShouldBe(Instant(expected));

    [Fact]
    public void Event_within_the_repeated_hour_lasts_through_both()
    {
        var window = new EventWindow(Wall("2024-11-03T01:10"), Wall("2024-11-03T01:20"), Zone("America/Los_Angeles"));

        (window.Ends - window.Opens).ShouldBe(TimeSpan.FromMinutes(70));
    }

    [Fact]
    public void Event_within_the_gap_is_refused() =>
        Should.Throw<ArgumentException>(() => new EventWindow(Wall("2024-03-10T02:10"), Wall("2024-03-10T02:50"), Zone("America/Los_Angeles")));

    [Theory]
    [InlineData("2024-07-01T09:00", "2024-07-01T09:00")]
    [InlineData("2024-07-01T09:00", "2024-07-01T08:59")]
    public void End_must_be_after_the_start(string start, string end) =>
        Should.Throw<ArgumentException>(() => new EventWindow(Wall(start), Wall(end), Zone("Europe/Berlin")))
            .Message.ShouldContain("is not after its start");

    [Fact]
    public void Whole_days_are_as_long_as_the_clocks_make_them()
    {
        Hours("2024-03-10T00:00", "2024-03-11T00:00", "America/Los_Angeles").ShouldBe(23);
        Hours("2024-11-03T00:00", "2024-11-04T00:00", "America/Los_Angeles").ShouldBe(25);
        Hours("2024-04-07T00:00", "2024-04-08T00:00", "Australia/Lord_Howe").ShouldBe(24.5);
        Hours("2011-12-29T00:00", "2012-01-01T00:00", "Pacific/Apia").ShouldBe(48);
    }

    [Fact]
    public void Kind_of_the_wall_time_is_not_looked_at()
    {
        var wall = Wall("2024-07-01T09:00");
        var utc = new EventWindow(DateTime.SpecifyKind(wall, DateTimeKind.Utc), wall.AddHours(1), Zone("Asia/Kolkata"));
        var local = new EventWindow(DateTime.SpecifyKind(wall, DateTimeKind.Local), wall.AddHours(1), Zone("Asia/Kolkata"));

        utc.ShouldBe(local);
        utc.Opens.ShouldBe(Instant("2024-07-01T03:30Z"));
    }

    [Fact]
    public void Local_is_what_the_wall_shows()
    {
        var window = new EventWindow(Wall("2024-07-01T09:00"), Wall("2024-07-02T09:00"), Zone("Asia/Kolkata"));

        window.Local(Instant("2024-07-01T03:30Z")).DateTime.ShouldBe(Wall("2024-07-01T09:00"));
    }

    private static double Hours(string start, string end, string zone)
    {
        var window = new EventWindow(Wall(start), Wall(end), Zone(zone));
        return (window.Ends - window.Opens).TotalHours;
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTime Wall(string text) => DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
