using OpenAIProxy.Domain.Refusals;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Storage.Tests.Refusals;

/// <summary>Refusals are written behind the requests: all of them once, whatever the database does meanwhile.</summary>
public sealed class RefusalBookTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 2, 12, 0, 30, TimeSpan.Zero);

    private readonly TemporaryDirectory directory = new();
    private readonly ManualTime time = new(Noon);

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Refusals_are_written_a_moment_later_and_added_up_by_event_reason_and_minute()
    {
        await using var storage = await StartAsync();
        storage.Refusals.Add(Note("event_paused"));
        storage.Refusals.Add(Note("event_paused"));
        storage.Refusals.Add(Note("event_full"));
        storage.Refusals.Add(Note("key_unknown", @event: ""));
        Counts().ShouldBe("");

        await WrittenAsync(storage);

        Counts().ShouldStartWith("1903953600  key_unknown 1,1903953600 hackathon event_full 1,1903953600 hackathon event_paused 2");
        time.Advance(TimeSpan.FromMinutes(1));
        storage.Refusals.Add(Note("event_paused"));
        await storage.Refusals.WriteAsync();
        Counts().ShouldContain(",1903953660 hackathon event_paused 1,");
    }

    [Fact]
    public async Task None_is_lost_or_doubled_between_those_who_count_and_the_one_who_writes()
    {
        const int threads = 4;
        const int each = 50_000;
        await using var storage = await StartAsync();
        var counting = Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
                storage.Refusals.Add(Note($"reason_{i % 3}", attendee: thread % 2 == 0 ? 1 : null));
        })));

        while (!counting.IsCompleted)
            await storage.Refusals.WriteAsync();
        await counting;
        await storage.Refusals.WriteAsync();

        RawDatabase.Read<long>(Database, "SELECT SUM(count) FROM refusal").ShouldBe(threads * each);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM refusal").ShouldBe(3);
    }

    [Fact]
    public async Task A_stop_writes_what_waits()
    {
        await using (var storage = await StartAsync())
            storage.Refusals.Add(Note("event_paused"));

        Counts().ShouldBe("1903953600 hackathon event_paused 1");
    }

    [Fact]
    public async Task A_locked_database_loses_nothing_and_is_written_when_it_is_free()
    {
        await using var storage = await StartAsync();
        var ann = await storage.EnterAsync("hackathon", "ann");
        using (var other = RawDatabase.Open(Database))
        {
            other.Run("BEGIN EXCLUSIVE");
            storage.Refusals.Add(Note("event_paused", ann!.Id));
            await storage.Refusals.WriteAsync();
            storage.Refusals.Add(Note("event_full", ann.Id));
            await storage.Refusals.WriteAsync();
        }
        Counts().ShouldBe("");

        await storage.Refusals.WriteAsync();

        Counts().ShouldBe("1903953600 hackathon event_full 1,1903953600 hackathon event_paused 1");
        RawDatabase.Read<string>(Database, "SELECT code FROM attendee_refusal").ShouldBe("event_full");
        storage.Log.Lines.Count(l => l.Contains("wait for the database", StringComparison.Ordinal)).ShouldBe(1);
        storage.Log.Lines.Count(l => l.Contains("has all counts of refusals again", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_full_disk_loses_nothing()
    {
        using var disk = SmallDisk.Mount();
        await using (var storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, time))
        {
            await storage.MakeAsync(Examples.PutAllAsync);
            disk.Fill();
            for (var i = 0; i < 1_000; i++)
                storage.Refusals.Add(Note($"reason_{i}"));
            await storage.Refusals.WriteAsync();
            RawDatabase.Read<long>(disk.Database, "SELECT COUNT(*) FROM refusal").ShouldBe(0);
            disk.MakeRoom();
        }

        RawDatabase.Read<long>(disk.Database, "SELECT SUM(count) FROM refusal").ShouldBe(1_000);
    }

    [Fact]
    public async Task The_last_refusal_of_an_attendee_is_kept_until_they_are_removed()
    {
        await using var storage = await StartAsync();
        var ann = await storage.EnterAsync("hackathon", "ann");
        storage.Refusals.Add(Note("event_full", ann!.Id));
        await storage.Refusals.WriteAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        storage.Refusals.Add(Note("event_paused", ann.Id));
        storage.Refusals.Add(Note("event_closed", ann.Id) with { At = Noon });
        await storage.Refusals.WriteAsync();
        // As after a clock that was set back: also what is written later may be older.
        storage.Refusals.Add(Note("event_closed", ann.Id) with { At = Noon });
        await storage.Refusals.WriteAsync();

        var shown = await storage.ReadAsync(tables => tables.Attendees.ShowAsync(ann.Event, ann.Id, Viewer.Everybody));
        shown!.LastRefusal.ShouldBe(new LastRefusal(Noon.AddSeconds(5), "event_paused", "Said \"so\".", "request-1"));
        storage.Refusals.Add(Note("event_full", ann.Id));
        await storage.MakeAsync(change => change.Attendees.RemoveAsync(ann.Id));
        await storage.Refusals.WriteAsync();
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM attendee_refusal").ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_is_deleted_takes_its_refusals_with_it()
    {
        await using var storage = await StartAsync();
        storage.Refusals.Add(Note("event_full"));
        await storage.Refusals.WriteAsync();
        storage.Refusals.Add(Note("event_full"));
        await storage.MakeAsync(change => change.Events.DeleteAsync(Examples.Hackathon));

        await storage.Refusals.WriteAsync();

        Counts().ShouldBe("");
    }

    [Fact]
    public void Memory_is_bounded_and_what_is_known_still_counts()
    {
        var pending = new PendingRefusals(10);

        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 15; i++)
                pending.Add(Note($"reason_{i}", attendee: i));

        pending.Counts().Sum(c => c.Count).ShouldBe(20);
        pending.Counts().Count.ShouldBe(10);
        pending.Last().Count.ShouldBe(10);
        pending.TakeDropped().ShouldBe(10);
        pending.TakeDropped().ShouldBe(0);
        foreach (var count in pending.Counts())
            pending.TakeOff(count);
        foreach (var last in pending.Last())
            pending.TakeOff(last);
        pending.Add(Note("reason_14", attendee: 14));
        (pending.Counts().Count, pending.Last().Count, pending.TakeDropped()).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task What_there_was_no_room_for_is_said_once()
    {
        await using var storage = await StartAsync();
        for (var i = 0; i < RefusalBook.MostPending + 3; i++)
            storage.Refusals.Add(Note($"reason_{i}"));

        await storage.Refusals.WriteAsync();
        await storage.Refusals.WriteAsync();

        storage.Log.Lines.Where(l => l.Contains("not counted", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith("Warning: 3 refusals");
    }

    [Fact]
    public void What_comes_while_it_is_written_waits_for_the_next_time()
    {
        var pending = new PendingRefusals(10);
        pending.Add(Note("a", attendee: 1));
        var (counts, last) = (pending.Counts(), pending.Last());
        pending.Add(Note("a", attendee: 1) with { Message = "newer" });

        pending.TakeOff(counts[0]);
        pending.TakeOff(last[0]);

        pending.Counts().ShouldHaveSingleItem().Count.ShouldBe(1);
        pending.Last().ShouldHaveSingleItem().Value.Message.ShouldBe("newer");
    }

    [Fact]
    public void Taking_note_allocates_nothing_once_it_is_known()
    {
        var pending = new PendingRefusals(10);
        var note = Note("event_full");
        pending.Add(note);
        var before = GC.GetAllocatedBytesForCurrentThread();

        const int notes = 1_000;
        for (var i = 0; i < notes; i++)
            pending.Add(note);

        // The smallest object has 24 bytes; the runtime itself may make one or two while it compiles this anew.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(notes);
    }

    private async Task<StorageUnderTest> StartAsync()
    {
        var storage = await StorageUnderTest.StartAsync(Data, time);
        await storage.MakeAsync(Examples.PutAllAsync);
        return storage;
    }

    // It waits for the next one only when it has written the last.
    private async Task WrittenAsync(StorageUnderTest storage)
    {
        await time.UntilDueInAsync(RefusalBook.Pause);
        time.Advance(RefusalBook.Pause);
        storage.Refusals.Add(Note("event_paused") with { At = Noon.AddDays(1) });
        await time.UntilDueInAsync(RefusalBook.Pause);
    }

    private RefusalNote Note(string code, long? attendee = null, string @event = "hackathon") => new(@event, attendee, code, "Said \"so\".", time.GetUtcNow(), "request-1");

    private string Counts() => RawDatabase.Read<string?>(
        Database, "SELECT group_concat(minute || ' ' || event || ' ' || reason || ' ' || count) FROM (SELECT * FROM refusal ORDER BY event, minute, reason)") ?? "";
}
