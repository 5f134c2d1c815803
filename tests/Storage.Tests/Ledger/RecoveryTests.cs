using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Offline;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>What a start makes of what a process that was killed has left: a copy of its files at that moment.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private int copies;

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_was_settled_is_there_once_and_what_was_not_is_charged_whole()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon));
        await storage.Ledger.UseAsync(Demand([]), 3, 4);
        await storage.Ledger.ReserveAsync(Demand([], input: 10, wanted: 100, choices: 2));

        var killed = Kill();

        for (var start = 0; start < 3; start++)
        {
            await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));
            RawDatabase.Read<string>(DatabaseOf(killed), "SELECT COUNT(*) || ' ' || SUM(input) || ' ' || SUM(output) || ' ' || SUM(exactness = 2 AND outcome = 6) FROM entry").ShouldBe("2 13 204 1");
            (await again.Ledger.RefusedAsync(Demand([Limit(LimitUnit.TotalTokens, 1)]))).Used.ShouldBe(217);
            await VerifyAsync(killed);
        }
        await using var last = await StorageUnderTest.StartAsync(killed, new Clock(Noon));
        (await last.Ledger.ReserveAsync(Demand([]))).Id.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Settlement_that_comes_late_takes_the_place_of_the_mark_once()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon));
        var demand = Demand([], input: 10, wanted: 100);
        var reservation = await storage.Ledger.ReserveAsync(demand);
        var killed = Kill();
        await using (var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon)))
        {
            await again.Ledger.SettleAsync(reservation, Used(demand, 1, 2));
            await again.Ledger.SettleAsync(reservation, Used(demand, 7, 7));

            (await again.Ledger.BalancesAsync(Demand([Limit(LimitUnit.TotalTokens, 9), Limit(LimitUnit.Money, 9)]).Holds)).Select(b => b.Used).Order().ShouldBe([3, 5]);
        }

        await using var after = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

        RawDatabase.Read<string>(DatabaseOf(killed), "SELECT COUNT(*) || ' ' || SUM(input) || ' ' || SUM(output) || ' ' || SUM(exactness) FROM entry").ShouldBe("1 1 2 0");
        RawDatabase.Read<string>(DatabaseOf(killed), "SELECT requests || ' ' || input || ' ' || unsettled FROM total").ShouldBe("1 1 0");
    }

    [Fact]
    public async Task Journal_that_is_cut_anywhere_loses_only_what_is_behind_the_cut()
    {
        var (killed, whole) = await KilledAsync();
        var last = SegmentScan.Read(Segment(killed)).Records[^1];
        var begin = whole.Length - LengthOf(whole, 4);

        for (var length = begin; length < whole.Length; length++)
        {
            var records = SegmentRecords(whole, length);
            await File.WriteAllBytesAsync(Segment(killed).Path, whole[..length]);
            var scan = SegmentScan.Read(Segment(killed));
            (scan.Records.Count, scan.Whole.Length).ShouldBe((records, EndOf(whole, records)));
            scan.Damages.Sum(d => d.Bytes.Length).ShouldBe(length - EndOf(whole, records));
        }
        // A start takes a while: with some of them.
        for (var length = begin; length < whole.Length; length += 41)
        {
            var cut = await CopyAsync(killed, whole.AsMemory(0, length));
            await using var again = await StorageUnderTest.StartAsync(cut, new Clock(Noon));
            var entries = RawDatabase.Read<string>(DatabaseOf(cut), "SELECT COUNT(*) || ' ' || SUM(exactness = 2) FROM entry");
            var records = SegmentRecords(whole, length);
            entries.ShouldBe($"{(records + 1) / 2} {records % 2}", $"{length} of {whole.Length} bytes");
            again.Log.Lines.Any(l => l.Contains("no whole record", StringComparison.Ordinal)).ShouldBe(length != EndOf(whole, records));
        }
        last.Sequence.ShouldBe(10);
    }

    [Fact]
    public async Task Every_flipped_bit_of_the_last_record_is_noticed()
    {
        var (killed, whole) = await KilledAsync();
        var begin = whole.Length - LengthOf(whole, 1);

        for (var bit = begin * 8; bit < whole.Length * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Segment(killed).Path, flipped);
            var scan = SegmentScan.Read(Segment(killed));
            (scan.Records.Count, scan.Damages.Count).ShouldBe((9, 1));
            scan.Damages[0].Bytes.ShouldBe(flipped[begin..]);
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_costs_no_more_than_what_it_hit_and_is_kept_for_the_operator()
    {
        var (killed, whole) = await KilledAsync();
        // Inside the settlement of the second of five; an earlier start, which died before it was done, has put something aside already.
        var (begin, end) = (EndOf(whole, 3), EndOf(whole, 4));
        whole[end - 20] ^= 0x10;
        await File.WriteAllBytesAsync(Segment(killed).Path, whole);
        await File.WriteAllBytesAsync(new SegmentFile(killed.DataDirectory, 1).DamagedPath, [7]);
        (await Verification.RunAsync(killed, TimeProvider.System, CancellationToken.None)).ShouldContain(p => p.Contains("no whole record", StringComparison.Ordinal));

        await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

        RawDatabase.Read<string>(DatabaseOf(killed), "SELECT COUNT(*) || ' ' || SUM(exactness = 2) FROM entry").ShouldBe("5 1");
        again.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("no whole record", StringComparison.Ordinal));
        (await File.ReadAllBytesAsync(new SegmentFile(killed.DataDirectory, 1).DamagedPath)).ShouldBe([7, .. whole[begin..end]]);
        await VerifyAsync(killed);
    }

    [Fact]
    public async Task Backup_has_the_good_records_behind_a_damaged_one()
    {
        var (killed, whole) = await KilledAsync();
        // Inside the settlement of the second of five; and the last record is not written yet.
        whole[EndOf(whole, 4) - 20] ^= 0x10;
        await File.WriteAllBytesAsync(Segment(killed).Path, [.. whole, 1, 2, 3]);

        await Backup.WriteAsync(killed, directory["backup.tar.gz"], CancellationToken.None);
        await Restore.ReadAsync(new StorageOptions { DataDirectory = directory["elsewhere"] }, directory["backup.tar.gz"], CancellationToken.None);

        (await File.ReadAllBytesAsync(new SegmentFile(directory["elsewhere"], 1).Path)).ShouldBe(whole);
        await using var again = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["elsewhere"] }, new Clock(Noon));
        RawDatabase.Read<string>(directory["elsewhere/openai-proxy.db"], "SELECT COUNT(*) || ' ' || SUM(exactness = 2) FROM entry").ShouldBe("5 1");
    }

    [Fact]
    public async Task Damaged_header_and_an_empty_file_lose_nothing()
    {
        var (killed, whole) = await KilledAsync();
        whole[3] ^= 1;
        await File.WriteAllBytesAsync(Segment(killed).Path, whole);
        await File.WriteAllBytesAsync(new SegmentFile(killed.DataDirectory, 2).Path, []);

        await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

        RawDatabase.Read<string>(DatabaseOf(killed), "SELECT COUNT(*) || ' ' || SUM(exactness = 2) FROM entry").ShouldBe("5 0");
    }

    [Fact]
    public async Task Missing_file_is_told()
    {
        var (killed, _) = await KilledAsync();
        var next = new SegmentFile(killed.DataDirectory, 2);
        File.Move(Segment(killed).Path, next.Path);
        var bytes = await File.ReadAllBytesAsync(next.Path);
        await File.WriteAllBytesAsync(next.Path, [.. bytes[..SegmentHeader.Length], .. bytes[EndOf(bytes, 2)..]]);

        await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

        again.Log.Lines.ShouldContain(l => l.Contains("The records 1 to 2 of the journal are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settlement_of_a_reservation_that_is_missing_is_told()
    {
        var (killed, whole) = await KilledAsync();
        await File.WriteAllBytesAsync(Segment(killed).Path, [.. whole[..SegmentHeader.Length], .. whole[EndOf(whole, 1)..]]);

        await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

        RawDatabase.Read<long>(DatabaseOf(killed), "SELECT COUNT(*) FROM entry").ShouldBe(4);
        again.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("The settlement of reservation 1 is left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Journal_of_another_database_is_refused()
    {
        var (killed, _) = await KilledAsync();
        RawDatabase.Run(DatabaseOf(killed), "UPDATE ledger SET server = '00000000000000000000000000000001'");

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(killed));

        refusal.Message.ShouldContain("belongs to another database");
        File.Exists(Segment(killed).Path).ShouldBeTrue();
    }

    [Fact]
    public async Task Files_that_nothing_needs_are_deleted_and_those_of_open_reservations_stay()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1_000 } }, new Clock(Noon));
        var open = await storage.Ledger.ReserveAsync(Demand([]));
        for (var i = 0; i < 20; i++)
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Ledger.LookAsync(_ => { });

        SegmentFile.In(directory["data"]).Select(s => s.Number).ToList().ShouldBe([1, SegmentFile.In(directory["data"])[^1].Number]);

        await storage.Ledger.SettleAsync(open, Used(open.Demand, 1, 1));
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Ledger.LookAsync(_ => { });
        SegmentFile.In(directory["data"]).Count.ShouldBe(1);
        // The settlement is still there, the reservation is not: that is as it should be.
        await using var again = await StorageUnderTest.StartAsync(Kill(), new Clock(Noon));
        again.Log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_of_a_reservation_stays_until_its_settlement_is_in_the_database()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1_000 } }, new Clock(Noon));
        var open = await storage.Ledger.ReserveAsync(Demand([]));
        for (var i = 0; i < 20; i++)
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        var folded = RawDatabase.Read<long>(directory["data/openai-proxy.db"], "SELECT folded FROM ledger");
        await storage.Ledger.SettleAsync(open, Used(open.Demand, 7, 9));

        // What was folded before it was settled is told only now.
        await storage.Ledger.LookAsync(b => b.Trim(folded));
        var killed = Kill();

        await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));
        RawDatabase.Read<string>(DatabaseOf(killed), "SELECT COUNT(*) || ' ' || SUM(input) || ' ' || SUM(output) FROM entry").ShouldBe("21 27 29");
        await VerifyAsync(killed);
    }

    [Fact]
    public async Task Backup_beside_a_running_server_has_what_was_settled_and_charges_what_was_open()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon));
        await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Ledger.UseAsync(Demand([]), 2, 2);
        await storage.Ledger.ReserveAsync(Demand([], input: 10));
        var restored = new StorageOptions { DataDirectory = directory["restored"] };

        await Backup.WriteAsync(Data, directory["backup.tar.gz"], CancellationToken.None);
        await Restore.ReadAsync(restored, directory["backup.tar.gz"], CancellationToken.None);

        await using var again = await StorageUnderTest.StartAsync(restored, new Clock(Noon));
        RawDatabase.Read<string>(DatabaseOf(restored), "SELECT COUNT(*) || ' ' || SUM(input) || ' ' || SUM(exactness = 2) FROM entry").ShouldBe("3 13 1");
        await VerifyAsync(restored);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_has_what_was_answered_and_nothing_twice()
    {
        const int Kills = 25;
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 20_000 } }, new Clock(Noon));
        using var done = new CancellationTokenSource();
        // So many requests for each kill: all that is copied and read again stays small.
        using var permits = new SemaphoreSlim(0);
        using var folds = new SemaphoreSlim(0);
        var (reserved, settled) = (new Answered(), new Answered());
        var load = Enumerable.Range(1, 8).Select(i => Task.Run(() => LoadAsync(storage, i, reserved, settled, permits, done.Token))).ToList();
        var folding = Task.Run(() => FoldAllAsync(storage, folds, done.Token));
        for (var kill = 0; kill < Kills; kill++)
        {
            var reached = reserved.UntilMoreAsync(kill * 7 % 40);
            permits.Release(60);
            folds.Release(3);
            await reached;
            var before = settled.Now;
            var killed = Kill();
            var known = reserved.Now;

            await using var again = await StorageUnderTest.StartAsync(killed, new Clock(Noon));

            var rows = RawDatabase.Read<string>(DatabaseOf(killed), "SELECT json_group_object(id, input * (exactness = 0)) FROM entry");
            var entries = System.Text.Json.JsonSerializer.Deserialize<Dictionary<long, long>>(rows)!;
            foreach (var (id, input) in before)
                entries[id].ShouldBe(input);
            // Nobody was answered with more than is there, apart from what began after the kill.
            entries.Count.ShouldBeGreaterThanOrEqualTo(before.Count);
            entries.Count.ShouldBeLessThanOrEqualTo(known.Count + 8);
            // A look at a file beside a write ends where a page does, and so does what a death in the middle of it leaves. Nobody has been answered by then.
            again.Log.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal)).ShouldAllBe(l => l.Contains("are no whole record", StringComparison.Ordinal));
            await VerifyAsync(killed);
        }
        await done.CancelAsync();
        await Task.WhenAll([.. load, folding]);
    }

    private static async Task LoadAsync(StorageUnderTest storage, int seed, Answered reserved, Answered settled, SemaphoreSlim permits, CancellationToken done)
    {
        for (var i = 0; await GoOnAsync(permits, done); i++)
        {
            var reservation = await storage.Ledger.ReserveAsync(Demand([], attendee: seed, input: 50));
            reserved.Add(reservation.Id, 0);
            var input = (seed * 31 + i) % 50;
            await storage.Ledger.SettleAsync(reservation, Used(reservation.Demand, input, i % 90));
            settled.Add(reservation.Id, input);
        }
    }

    private static async Task FoldAllAsync(StorageUnderTest storage, SemaphoreSlim permits, CancellationToken done)
    {
        while (await GoOnAsync(permits, done))
            await storage.Ledger.FoldAsync(CancellationToken.None);
    }

    private static async Task<bool> GoOnAsync(SemaphoreSlim permits, CancellationToken done)
    {
        try
        {
            await permits.WaitAsync(done);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Five requests, settled, in one file.</summary>
    private async Task<(StorageOptions Killed, byte[] Journal)> KilledAsync()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(Noon));
        for (var i = 0; i < 5; i++)
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        var killed = Kill();
        return (killed, await File.ReadAllBytesAsync(Segment(killed).Path));
    }

    // The files as they are at this moment are what a process that dies now would leave. First the journal, as a backup does:
    // the database goes on meanwhile, and is ahead of it.
    private StorageOptions Kill()
    {
        var target = directory[$"killed-{copies++}"];
        Directory.CreateDirectory(target);
        foreach (var segment in SegmentFile.In(directory["data"]))
            if (Bytes(segment.Path) is { } bytes)
                File.WriteAllBytes(Path.Combine(target, segment.Name), bytes);
        foreach (var key in Directory.EnumerateFiles(directory["data/keys"]))
            File.Copy(key, Path.Combine(Directory.CreateDirectory(Path.Combine(target, "keys")).FullName, Path.GetFileName(key)));
        var options = new StorageOptions { DataDirectory = target };
        RawDatabase.Run(directory["data/openai-proxy.db"], $"VACUUM INTO '{DatabaseOf(options)}'");
        return options;
    }

    private static byte[]? Bytes(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (FileNotFoundException)
        {
            // Folded and deleted meanwhile.
            return null;
        }
    }

    private async Task<StorageOptions> CopyAsync(StorageOptions killed, ReadOnlyMemory<byte> journal)
    {
        var target = new StorageOptions { DataDirectory = directory[$"killed-{copies++}"], KeyRingDirectory = KeyRing(killed) };
        Directory.CreateDirectory(target.DataDirectory);
        File.Copy(DatabaseOf(killed), DatabaseOf(target));
        await File.WriteAllBytesAsync(Segment(target).Path, journal.ToArray());
        return target;
    }

    private static string KeyRing(StorageOptions killed) => Path.Combine(killed.DataDirectory, "keys");

    private static string DatabaseOf(StorageOptions options) => Path.Combine(options.DataDirectory, "openai-proxy.db");

    private static SegmentFile Segment(StorageOptions options) => SegmentFile.In(options.DataDirectory) is [var first, ..] ? first : new SegmentFile(options.DataDirectory, 1);

    private static int LengthOf(byte[] journal, int lastRecords) => journal.Length - EndOf(journal, 10 - lastRecords);

    /// <summary>Where so many records end.</summary>
    private static int EndOf(byte[] journal, int records)
    {
        var end = SegmentHeader.Length;
        for (var i = 0; i < records; i++)
        {
            RecordReader.Read(journal.AsSpan(end), out var length).ShouldNotBeNull();
            end += length;
        }
        return end;
    }

    private static int SegmentRecords(byte[] journal, int length)
    {
        var records = 0;
        while (records < 10 && EndOf(journal, records + 1) <= length)
            records++;
        return records;
    }

    private static async Task VerifyAsync(StorageOptions options) =>
        (await Verification.RunAsync(options, TimeProvider.System, CancellationToken.None)).ShouldBeEmpty();
}
