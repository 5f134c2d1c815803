using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Testing;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>What happens while nothing can be written: new requests are refused, and nothing of what was used is lost.</summary>
public sealed class LedgerTroubleTests : IDisposable
{
    private static readonly Limit[] Limits = [Limit(LimitUnit.Requests, 3)];

    private readonly TemporaryDirectory directory = new();

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Journal_that_cannot_be_written_refuses_new_requests_keeps_settlements_and_recovers()
    {
        var time = new ManualTime(Noon);
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1 } }, time);
        var demand = Demand(Limits);
        var reservation = await storage.Ledger.ReserveAsync(demand);
        // Every batch begins a file of its own, and this one cannot be made.
        var obstacle = new SegmentFile(directory["data"], SegmentFile.In(directory["data"])[^1].Number + 1).Path;
        Directory.CreateDirectory(obstacle);

        await Should.ThrowAsync<StorageUnavailableException>(() => storage.Ledger.ReserveAsync(demand, CancellationToken.None).AsTask());
        var settling = storage.Ledger.SettleAsync(reservation, Used(demand, 1, 1)).AsTask();
        var once = storage.Ledger.SettleAsync(reservation, Used(demand, 9, 9)).AsTask();
        await storage.Ledger.LookAsync(b => b.IsBehind.ShouldBeTrue());
        (settling.IsCompleted, once.IsCompleted).ShouldBe((false, false));
        time.Advance(Bookkeeper.MostToWait);
        await Should.ThrowAsync<StorageUnavailableException>(() => settling);
        await Should.ThrowAsync<StorageUnavailableException>(() => once);
        Directory.Delete(obstacle);

        await storage.Ledger.UseAsync(demand, 1, 1);
        await storage.Ledger.UseAsync(demand, 1, 1);

        var refused = await storage.Ledger.RefusedAsync(demand);
        (refused.Used, refused.Reserved).ShouldBe((3, 0));
        // A number that is left out would be a record that is missing.
        JournalScan.Read(directory["data"]).Missing(0).ShouldBeEmpty();
        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Read<string>(Database, "SELECT COUNT(*) || ' ' || SUM(input) FROM entry").ShouldBe("3 3");
    }

    [Fact]
    public async Task Stop_while_the_journal_cannot_be_written_keeps_nobody_waiting()
    {
        var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1 } }, new ManualTime(Noon));
        var reservation = await storage.Ledger.ReserveAsync(Demand([]));
        Directory.CreateDirectory(new SegmentFile(directory["data"], SegmentFile.In(directory["data"])[^1].Number + 1).Path);
        var settling = storage.Ledger.SettleAsync(reservation, Used(reservation.Demand, 1, 1)).AsTask();

        await storage.DisposeAsync();

        await Should.ThrowAsync<StorageUnavailableException>(() => settling.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Remnant_of_a_record_behind_newer_ones_is_none()
    {
        await using (var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon)))
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        var file = SegmentFile.In(directory["data"])[^1];
        var bytes = await File.ReadAllBytesAsync(file.Path);
        RecordReader.Read(bytes.AsSpan(SegmentHeader.Length), out var length).ShouldNotBeNull();
        await File.AppendAllBytesAsync(file.Path, bytes[SegmentHeader.Length..(SegmentHeader.Length + length)]);

        var scan = SegmentScan.Read(file);

        scan.Records.Select(r => r.Sequence).ShouldBe([1, 2]);
        scan.Damages.ShouldHaveSingleItem().Bytes.Length.ShouldBe(length);
    }

    [Fact]
    public async Task Numbers_go_on_where_the_journal_was_moved_away()
    {
        await using (var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon)))
        {
            var reservations = new[] { await storage.Ledger.ReserveAsync(Demand([])), await storage.Ledger.ReserveAsync(Demand([])) };
            foreach (var reservation in reservations)
                await storage.Ledger.SettleAsync(reservation, Used(reservation.Demand, 1, 1));
        }
        foreach (var segment in SegmentFile.In(directory["data"]))
            File.Delete(segment.Path);

        await using var again = await StorageUnderTest.StartAsync(Data, new Clock(Noon));

        // Records with numbers of before would pass for what the database has already.
        (await again.Ledger.ReserveAsync(Demand([]))).Id.ShouldBeGreaterThan(RawDatabase.Read<long>(Database, "SELECT folded FROM ledger"));
    }

    [Fact]
    public async Task Locked_database_refuses_new_requests_until_it_has_what_was_settled()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon));
        await storage.Ledger.UseAsync(Demand(Limits), 1, 1);
        using (var other = RawDatabase.Open(Database))
        {
            other.Run("BEGIN EXCLUSIVE");
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.Ledger.FoldAsync(CancellationToken.None));
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.Ledger.ReserveAsync(Demand(Limits), CancellationToken.None).AsTask());
            (await storage.Ledger.TroubleAsync()).ShouldNotBeNull();
        }

        await storage.Ledger.FoldAsync(CancellationToken.None);
        (await storage.Ledger.TroubleAsync()).ShouldBeNull();

        await storage.Ledger.ReserveAsync(Demand(Limits));
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(1);
    }

    [Fact]
    public async Task Locked_database_is_told_to_the_log_once_whoever_finds_it_first_and_so_is_its_return()
    {
        // The ledger does not come to fold by itself: reports do.
        await using var storage = await StorageUnderTest.StartAsync(Data, new ManualTime(Noon));
        await storage.Ledger.UseAsync(Demand(Limits), 1, 1);
        using (var other = RawDatabase.Open(Database))
        {
            other.Run("BEGIN EXCLUSIVE");
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.Ledger.FoldAsync(CancellationToken.None));
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.Ledger.FoldAsync(CancellationToken.None));
        }
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Ledger.FoldAsync(CancellationToken.None);

        storage.Log.Lines.Count(l => l.Contains("1 settlements wait for the database", StringComparison.Ordinal)).ShouldBe(1);
        storage.Log.Lines.Count(l => l.Contains("The database has all settlements again", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Database_that_stays_locked_is_tried_again_every_four_seconds_however_long_it_takes()
    {
        var time = new ManualTime(Noon);
        await using var storage = await StorageUnderTest.StartAsync(Data, time);
        using var other = RawDatabase.Open(Database);
        other.Run("BEGIN EXCLUSIVE");
        await storage.Ledger.UseAsync(Demand(Limits), 1, 1);

        // As long as it has not been tried again, requests are refused although the database may be well.
        foreach (var wait in new[] { Folder.Pause.TotalSeconds, 0.5, 1, 2, 4, 4, 4 })
        {
            await time.UntilDueInAsync(TimeSpan.FromSeconds(wait));
            time.Advance(TimeSpan.FromSeconds(wait));
        }
    }

    [Fact]
    public async Task Storage_is_not_ready_while_the_journal_cannot_be_written_and_is_given_another_chance()
    {
        using var disk = SmallDisk.Mount();
        var clock = new ManualTime(Noon);
        await using var storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, clock);
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
        disk.Fill();
        await RefuseAsync(storage);

        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();
        // Whoever sends requests to ready servers only must send one now and then to learn that it is well again.
        // Also where a clock that was ahead has been set right meanwhile.
        clock.Set(TimeSpan.FromDays(-5));
        clock.Advance(Bookkeeper.MostToWait);
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
        await RefuseAsync(storage);
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();

        disk.MakeRoom();
        await storage.Ledger.ReserveAsync(Demand([]));
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Full_disk_refuses_new_requests_and_recovers_without_loss()
    {
        using var disk = SmallDisk.Mount();
        await using (var storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, new Clock(Noon)))
        {
            var open = await storage.Ledger.ReserveAsync(Demand(Limits));
            disk.Fill();
            await RefuseAsync(storage);
            var settling = storage.Ledger.SettleAsync(open, Used(open.Demand, 7, 7)).AsTask();
            disk.MakeRoom();
            await settling;
        }

        await using var again = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, new Clock(Noon));

        RawDatabase.Read<long>(disk.Database, "SELECT input FROM entry ORDER BY id LIMIT 1").ShouldBe(7);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_that_the_disk_took_a_part_of_is_read_by_no_later_start(bool goesOn)
    {
        using var disk = SmallDisk.Mount();
        await using (var storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, new Clock(Noon)))
        {
            disk.Fill();
            disk.MakeRoom(8_192);
            var refused = new List<Task>();
            // More than there is room for, with one write: they come while the bookkeeper is busy.
            await storage.Ledger.LookAsync(_ => refused.AddRange(Enumerable.Range(0, 500).Select(_ => storage.Ledger.ReserveAsync(Demand([]), CancellationToken.None).AsTask())));
            foreach (var one in refused)
                await Should.ThrowAsync<StorageUnavailableException>(() => one);
            disk.MakeRoom();
            // Its record takes the place of the first that was refused, and the next would follow it.
            if (goesOn)
                await storage.Ledger.ReserveAsync(Demand([]));
        }

        await using var again = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = disk.Path }, new Clock(Noon));

        RawDatabase.Read<long>(disk.Database, "SELECT COUNT(*) FROM entry").ShouldBe(goesOn ? 1 : 0);
        Directory.GetFiles(disk.Path, "*damaged*").ShouldBeEmpty();
    }

    // What is left of the last page may still take a few.
    private static async Task RefuseAsync(StorageUnderTest storage) => await Should.ThrowAsync<StorageUnavailableException>(async () =>
    {
        for (var i = 0; i < 100; i++)
            await storage.Ledger.ReserveAsync(Demand([]), CancellationToken.None);
    });
}
