using Microsoft.Data.Sqlite;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Storage.Tests;

public sealed class AttendanceTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    private string Database => directory["data/openai-proxy.db"];

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
    public async Task Attendee_enters_once_and_is_known_at_once()
    {
        var first = (await storage.EnterAsync("hackathon", "ada")).ShouldNotBeNull();

        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada").ShouldBe(first);
        (await storage.EnterAsync("hackathon", "ada")).ShouldBe(first);
        first.Name.ShouldBe("ada");
        first.IsBlocked.ShouldBeFalse();
    }

    [Fact]
    public async Task Thousand_requests_of_fifty_people_make_fifty_attendees()
    {
        await CapAsync(1_000);

        var attendees = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => storage.EnterAsync("hackathon", $"user {i % 50}"))));

        attendees.Select(a => a!.Id).Distinct().Count().ShouldBe(50);
        attendees.ShouldAllBe(a => a != null && storage.KeyRing.FindAttendee(a.Event, a.Name) == a);
        Rows().ShouldBe(50);
    }

    [Fact]
    public async Task Who_has_a_key_takes_no_place_of_those_who_come_by_the_code()
    {
        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { AttendeeCap = 1 }));
        await storage.MakeAsync(c => c.Keys.IssueManyAsync(Examples.Hackathon, ["one", "two"]));

        (await storage.EnterAsync("hackathon", "three")).ShouldNotBeNull();
        (await storage.EnterAsync("hackathon", "four")).ShouldBeNull();
    }

    [Fact]
    public async Task Cap_holds_exactly_whatever_the_concurrency()
    {
        var attendees = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => storage.EnterAsync("hackathon", $"user {i}"))));

        attendees.Count(a => a is not null).ShouldBe(20);
        Rows().ShouldBe(20);
        var inside = attendees.First(a => a is not null)!;
        (await storage.EnterAsync("hackathon", inside.Name)).ShouldBe(inside);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whoever_there_is_a_place_for_comes_in_and_nobody_else_however_they_come(int seed)
    {
        var random = new Random(seed);
        var codes = new[] { "hackathon", "second", "third" };
        var caps = codes.ToDictionary(c => c, _ => random.Next(0, 700) + 1);
        var people = codes.ToDictionary(c => c, _ => random.Next(1, 900));
        foreach (var code in codes)
            await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { Code = code, AttendeeCap = caps[code] }));
        // Each some times over, by code and by key, in no order; and some people leave, whose places are free again.
        var invited = await storage.MakeAsync(async c =>
        {
            await c.Keys.IssueOneAsync(Examples.Hackathon, "0");
            return (await c.Attendees.FindAsync(Examples.Hackathon, "0"))!;
        });
        var early = await Task.WhenAll(codes.Select(c => storage.EnterAsync(c, "early")));
        foreach (var attendee in early)
            await storage.MakeAsync(c => c.Attendees.RemoveAsync(attendee!.Id));
        var arrivals = codes.SelectMany(c => Enumerable.Range(0, people[c]).SelectMany(i => Enumerable.Repeat((Code: c, Name: $"{i}"), random.Next(1, 4)))).ToArray();
        random.Shuffle(arrivals);

        var answers = await Task.WhenAll(arrivals.Select(a => Task.Run(async () => (Arrival: a, Attendee: await storage.EnterAsync(a.Code, a.Name)))));

        answers.GroupBy(a => a.Arrival).ShouldAllBe(same => same.Select(a => a.Attendee).Distinct().Count() == 1);
        answers.ShouldContain(a => a.Attendee == invited);
        foreach (var code in codes)
        {
            var inside = answers.Where(a => a.Arrival.Code == code && a.Attendee is not null && a.Attendee != invited).Select(a => a.Attendee).Distinct().Count();
            inside.ShouldBe(Math.Min(caps[code], people[code] - (code == "hackathon" ? 1 : 0)), code);
        }
    }

    [Fact]
    public async Task Who_is_given_a_key_while_they_come_takes_nobodys_place()
    {
        await CapAsync(2);
        Task<Attendee?>[] arrivals = [];
        await storage.MakeAsync(async c =>
        {
            await c.Keys.IssueOneAsync(Examples.Hackathon, "ada");
            arrivals = [.. new[] { "grace", "ada", "zoe", "too late" }.Select(name => storage.EnterAsync("hackathon", name))];
        });

        (await Task.WhenAll(arrivals)).Select(a => a?.Name).ShouldBe(["grace", "ada", "zoe", null]);
    }

    [Fact]
    public async Task Newcomer_of_a_full_hall_is_no_more_work_than_of_an_empty_one()
    {
        await CapAsync(10_000);
        var first = await WorkOfAsync(0, 500);
        await WorkOfAsync(500, 2_500);

        var last = await WorkOfAsync(2_500, 3_000);

        last.ShouldBeLessThan(first * 3 / 2);

        // All while somebody else writes, so that they share transactions.
        async Task<long> WorkOfAsync(int from, int to)
        {
            using var work = new WriterWork(storage);
            var arrivals = Task.CompletedTask;
            await storage.MakeAsync(async _ =>
            {
                arrivals = Task.WhenAll(Enumerable.Range(from, to - from).Select(i => storage.EnterAsync("hackathon", $"user {i}")));
                await Task.Yield();
            });
            await arrivals;
            return work.Instructions;
        }
    }

    [Fact]
    public async Task Raised_cap_lets_more_in()
    {
        await CapAsync(1);
        await storage.EnterAsync("hackathon", "ada");
        (await storage.EnterAsync("hackathon", "grace")).ShouldBeNull();

        await CapAsync(2);

        (await storage.EnterAsync("hackathon", "grace")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Room_that_arrives_together_shares_transactions()
    {
        await CapAsync(1_000);
        var arrivals = Task.CompletedTask;
        var commits = storage.Commits;
        await storage.MakeAsync(async _ =>
        {
            // Everybody arrives while somebody else writes, so that nobody can start a transaction.
            var all = Enumerable.Range(0, 501).Select(i => storage.EnterAsync("hackathon", $"user {i}")).ToList();
            arrivals = Task.WhenAll(all);
            await Task.Yield();
        });

        await arrivals;

        Rows().ShouldBe(501);
        // The first alone or with a few, the others in transactions of up to 500.
        (storage.Commits - commits).ShouldBeLessThan(8);
    }

    [Fact]
    public async Task Caller_who_gives_up_does_not_stop_the_others()
    {
        using var impatience = new CancellationTokenSource();
        ValueTask<Attendee?> impatient = default, patient = default;
        await storage.MakeAsync(async _ =>
        {
            impatient = storage.Attendance.EnterAsync(storage.Event("hackathon"), "ada", impatience.Token);
            patient = storage.Attendance.EnterAsync(storage.Event("hackathon"), "ada", CancellationToken.None);
            await impatience.CancelAsync();
        });

        await Should.ThrowAsync<OperationCanceledException>(async () => await impatient);
        (await patient).ShouldNotBeNull();
    }

    [Fact]
    public async Task Full_disk_is_said_and_the_next_call_tries_anew()
    {
        await CapAsync(100_000);
        RunOnWriter("PRAGMA max_page_count = 1");
        var names = Enumerable.Range(0, 2_000).Select(i => $"{i} {new string('x', 100)}").ToList();

        var outcomes = await Task.WhenAll(names.Select(OutcomeAsync));

        outcomes.ShouldContain(o => o is StorageUnavailableException);
        outcomes.ShouldAllBe(o => o == null || o is StorageUnavailableException);
        outcomes.First(o => o is not null)!.Message.ShouldContain("disk is full");
        Rows().ShouldBe(outcomes.Count(o => o is null));
        RunOnWriter("PRAGMA max_page_count = 1000000");
        (await Task.WhenAll(names.Select(OutcomeAsync))).ShouldAllBe(o => o == null);
        Rows().ShouldBe(2_000);
    }

    [Fact]
    public async Task Event_that_is_gone_lets_nobody_in()
    {
        var gone = storage.Event("hackathon");
        await storage.MakeAsync(c => c.Events.DeleteAsync(Examples.Hackathon));

        (await storage.Attendance.EnterAsync(gone, "ada", CancellationToken.None)).ShouldBeNull();

        Rows().ShouldBe(0);
    }

    [Fact]
    public async Task Names_are_stored_as_they_are()
    {
        await CapAsync(100);
        foreach (var name in new[] { "a/b:c", "'; DROP TABLE attendee; --", "Ångström 🦀", "user" })
            (await storage.EnterAsync("hackathon", name))!.Name.ShouldBe(name);

        Rows().ShouldBe(4);
    }

    private async Task<Exception?> OutcomeAsync(string name)
    {
        try
        {
            (await storage.EnterAsync("hackathon", name)).ShouldNotBeNull();
            return null;
        }
        catch (Exception e) when (e is StorageUnavailableException or SqliteException)
        {
            return e;
        }
    }

    private Task CapAsync(int cap) => storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { AttendeeCap = cap }));

    private long Rows() => RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM attendee");

    private void RunOnWriter(string sql)
    {
        using var command = storage.Database.Writer().CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
