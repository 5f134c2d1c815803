using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Tests;

public sealed class LimitTests : IAsyncLifetime
{
    private static readonly Limit Daily = new(0, LimitScope.Attendee, LimitUnit.TotalTokens, LimitWindow.Day, 50);

    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Limits_are_in_force_at_once_and_after_a_start()
    {
        var id = await AddAsync(Daily);
        await AddAsync(Daily with { Model = "GPT-4O" });
        await storage.MakeAsync(c => c.Limits.SetCapAsync(Examples.Hackathon, id, 60));

        storage.Event("hackathon").Limits.Select(l => (l.Cap, l.Model)).ShouldBe([(60, null), (50, "gpt-4o")]);
        await RestartAsync();
        storage.Event("hackathon").Limits.Select(l => (l.Cap, l.Model)).ShouldBe([(60, null), (50, "gpt-4o")]);
        await storage.MakeAsync(c => c.Limits.DeleteAsync(Examples.Hackathon, id));
        storage.Event("hackathon").Limits.ShouldHaveSingleItem().Model.ShouldBe("gpt-4o");
    }

    [Fact]
    public async Task Limit_like_another_or_that_makes_no_sense_is_refused()
    {
        await AddAsync(Daily);
        await AddAsync(Daily with { Unit = LimitUnit.Requests, Model = "gpt-4o" });

        foreach (var limit in new[]
        {
            Daily with { Cap = 5 }, Daily with { Cap = -1, Unit = LimitUnit.Money }, Daily with { Unit = LimitUnit.InFlight },
            Daily with { Model = "none" }, Daily with { Scope = (LimitScope)9 }, Daily with { Unit = LimitUnit.Requests, Model = "GPT-4O" },
        })
            await Should.ThrowAsync<ChangeRefusedException>(() => AddAsync(limit));

        storage.Event("hackathon").Limits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Cap_is_raised_within_bounds_and_where_each_attendee_has_one()
    {
        var (personal, shared) = (await AddAsync(Daily), await AddAsync(Daily with { Scope = LimitScope.Event }));
        var ada = (await storage.EnterAsync("hackathon", "ada"))!.Id;

        foreach (var (limit, cap) in new[] { (shared, 500L), (personal, -1L), (personal, Limit.MaxCap + 1) })
            await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Limits.RaiseAsync(ada, limit, cap)));

        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.RaisedCaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Raised_cap_follows_its_attendee_everywhere()
    {
        var id = await AddAsync(Daily);
        var ada = (await storage.EnterAsync("hackathon", "ada"))!.Id;
        await storage.MakeAsync(c => c.Limits.RaiseAsync(ada, id, 500));
        await storage.MakeAsync(c => c.Attendees.BlockAsync(ada));
        await storage.MakeAsync(c => c.Attendees.UnblockAsync(ada));

        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.RaisedCaps[id].ShouldBe(500);
        await RestartAsync();
        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.RaisedCaps[id].ShouldBe(500);
        await storage.MakeAsync(c => c.Limits.DeleteAsync(Examples.Hackathon, id));
        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.RaisedCaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Copied_event_has_the_same_limits()
    {
        await AddAsync(Daily);

        await storage.MakeAsync(c => c.Events.CopyAsync(Examples.Hackathon, "copied"));

        storage.Event("copied").Limits.Select(l => l with { Id = 0 }).ShouldBe([Daily]);
    }

    [Fact]
    public async Task Price_is_in_force_at_once_and_stays_when_the_model_changes()
    {
        var price = new Price(2_500_000, 1_250_000, 10_000_000, 0, new DateOnly(2030, 1, 1), "a price list");
        await storage.MakeAsync(c => c.Prices.PutAsync("gpt-4o", price));
        await storage.MakeAsync(c => c.Models.PutAsync(Examples.Gpt with { MaxOutput = 5 }));

        Offered().Price.ShouldBe(price);
        await storage.MakeAsync(c => c.Prices.DeleteAsync("gpt-4o"));
        Offered().Price.ShouldBeNull();
    }

    [Fact]
    public async Task Price_below_nothing_or_from_nowhere_is_refused()
    {
        var price = new Price(1, 1, 1, 1, new DateOnly(2030, 1, 1), "a price list");

        foreach (var odd in new[] { price with { Input = -1 }, price with { CachedInput = -1 }, price with { Output = -1 }, price with { Image = -1 }, price with { Source = " " } })
            await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Prices.PutAsync("gpt-4o", odd)));

        Offered().Price.ShouldBeNull();
    }

    private Model Offered() => storage.Event("hackathon").Models.Find("gpt-4o")!.Model;

    private Task<long> AddAsync(Limit limit) => storage.MakeAsync(c => c.Limits.AddAsync(Examples.Hackathon, limit));

    private async Task RestartAsync()
    {
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(directory["data"]);
    }
}
