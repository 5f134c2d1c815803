using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Refusals;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Storage.Tests.Refusals;

/// <summary>Counts of refusals as organisers ask for them.</summary>
public sealed class RefusalTableTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(async change =>
        {
            await Examples.PutAllAsync(change);
            await change.Events.AddAsync(Examples.Event with { Code = "pune", TimeZone = "Asia/Kolkata" }, "ann");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task They_are_parted_by_reason_the_most_frequent_first()
    {
        await AddAsync("pune", "2030-05-02T12:00:00Z", "a", "b", "b");
        await AddAsync("pune", "2030-05-03T12:00:00Z", "a", "a");
        await AddAsync("hackathon", "2030-05-02T12:00:00Z", "a");

        (await ShowAsync(new RefusalQuery { Event = Pune, GroupBy = RefusalGrouping.Reason })).ShouldBe("5: a 3, b 2");
        (await ShowAsync(new RefusalQuery { GroupBy = RefusalGrouping.Event })).ShouldBe("6: pune 5, hackathon 1");
        (await ShowAsync(new RefusalQuery { GroupBy = RefusalGrouping.Reason, Reason = "b" })).ShouldBe("2: b 2");
        (await ShowAsync(new RefusalQuery())).ShouldBe("6: 6");
    }

    [Fact]
    public async Task Hours_and_days_are_those_of_the_events_clock()
    {
        // 18:29 and 18:30 in UTC are 23:59 and midnight in Kolkata.
        await AddAsync("pune", "2030-05-02T18:29:00Z", "a");
        await AddAsync("pune", "2030-05-02T18:30:00Z", "b");
        await AddAsync("pune", "2030-05-02T19:29:59Z", "b");

        (await ShowAsync(new RefusalQuery { Event = Pune, Interval = RefusalInterval.Day })).ShouldBe("3: 05-01T18:30 1, 05-02T18:30 2");
        (await ShowAsync(new RefusalQuery { Event = Pune, Interval = RefusalInterval.Hour })).ShouldBe("3: 05-02T17:30 1, 05-02T18:30 2");
        (await ShowAsync(new RefusalQuery { Event = Pune, Interval = RefusalInterval.Minute, GroupBy = RefusalGrouping.Reason }))
            .ShouldBe("3: a 05-02T18:29 1, b 05-02T18:30 1, b 05-02T19:29 1");
    }

    [Fact]
    public async Task Minutes_are_told_of_a_week_at_most()
    {
        var query = new RefusalQuery { Interval = RefusalInterval.Minute };
        await AddAsync("pune", "2030-05-02T12:00:00Z", "a");
        await AddAsync("pune", "2030-05-09T11:59:00Z", "a");
        (await ShowAsync(query)).ShouldBe("2: 05-02T12:00 1, 05-09T11:59 1");
        await AddAsync("pune", "2030-05-09T12:00:00Z", "a");

        (await Should.ThrowAsync<QueryRefusedException>(() => ShowAsync(query))).Reason.ShouldContain("7 days");

        (await ShowAsync(query with { From = At("2030-05-03T00:00:00Z") })).ShouldBe("2: 05-09T11:59 1, 05-09T12:00 1");
        (await ShowAsync(query with { Until = At("2030-05-09T12:00:00Z") })).ShouldBe("2: 05-02T12:00 1, 05-09T11:59 1");
        (await ShowAsync(query with { Interval = RefusalInterval.Day })).ShouldStartWith("3: ");
        (await ShowAsync(query with { Event = EventCode.Parse("hackathon") })).ShouldBe("0: ");
    }

    [Fact]
    public async Task They_are_taken_by_the_minutes_that_begin_in_the_time_asked_for()
    {
        await AddAsync("pune", "2030-05-02T12:00:59Z", "a");
        await AddAsync("pune", "2030-05-02T12:01:00Z", "b");

        (await ShowAsync(new RefusalQuery { GroupBy = RefusalGrouping.Reason, From = At("2030-05-02T12:00:00Z"), Until = At("2030-05-02T12:01:00Z") })).ShouldBe("1: a 1");
        (await ShowAsync(new RefusalQuery { GroupBy = RefusalGrouping.Reason, From = At("2030-05-02T12:00:00.001Z"), Until = At("2030-05-02T12:02:00Z") })).ShouldBe("1: b 1");
    }

    [Fact]
    public async Task Pages_are_parts_of_one_list_with_one_count()
    {
        await AddAsync("pune", "2030-05-02T12:00:00Z", "a", "a", "a", "b", "b", "c");
        var query = new RefusalQuery { GroupBy = RefusalGrouping.Reason, PageSize = 2 };

        (await ShowAsync(query)).ShouldBe("6: a 3, b 2");
        (await ShowAsync(query with { Page = 2 })).ShouldBe("6: c 1");
        (await ShowAsync(query with { Page = int.MaxValue })).ShouldBe("6: ");
        (await storage.ReadAsync(tables => tables.Refusals.SumAsync(query, Viewer.Everybody))).Groups.Total.ShouldBe(3);
        foreach (var wrong in new[] { query with { Page = 0 }, query with { PageSize = 0 }, query with { PageSize = 501 } })
            await Should.ThrowAsync<QueryRefusedException>(() => ShowAsync(wrong));
    }

    [Fact]
    public async Task An_organiser_sees_what_was_refused_in_their_events_only()
    {
        await AddAsync("pune", "2030-05-02T12:00:00Z", "a");
        await AddAsync("hackathon", "2030-05-02T12:00:00Z", "a");
        await AddAsync("", "2030-05-02T12:00:00Z", "a");
        var query = new RefusalQuery { GroupBy = RefusalGrouping.Event };

        (await ShowAsync(query)).ShouldBe("3:  1, hackathon 1, pune 1");
        (await ShowAsync(query, Viewer.Organiser("ann"))).ShouldBe("1: pune 1");
        (await ShowAsync(query with { Event = EventCode.Parse("hackathon") }, Viewer.Organiser("ann"))).ShouldBe("0: ");
    }

    private static EventCode Pune => EventCode.Parse("pune");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private Task AddAsync(string @event, string at, params string[] codes)
    {
        foreach (var code in codes)
            storage.Refusals.Add(new RefusalNote(@event, null, code, "", At(at), ""));
        return storage.Refusals.WriteAsync();
    }

    private async Task<string> ShowAsync(RefusalQuery query, Viewer? viewer = null)
    {
        var view = await storage.ReadAsync(tables => tables.Refusals.SumAsync(query, viewer ?? Viewer.Everybody));
        var groups = view.Groups.Items.Select(g => string.Join(' ', new[] { g.Event, g.Reason, g.From?.ToString("MM-dd'T'HH:mm"), $"{g.Count}" }.Where(t => t is not null)));
        return $"{view.Count}: {string.Join(", ", groups)}";
    }
}
