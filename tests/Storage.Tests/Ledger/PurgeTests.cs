using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Counting;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Ledger.Reports;
using OpenAIProxy.Storage.Offline;
using OpenAIProxy.Storage.Purging;
using OpenAIProxy.Storage.Queries;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Entries go when their event does not keep them longer. Sums, limits and the auditor stay right.</summary>
public sealed class PurgeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Clock clock = new(Noon);

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Entries_go_by_whole_hours_and_sums_stay()
    {
        await using var storage = await StartAsync(days: 2);
        foreach (var hours in new[] { 0, 24, 47, 48, 49, 72 })
            await storage.Ledger.UseAsync(Demand([], Noon.AddHours(-hours).AddMinutes(30)), 1, 1);
        clock.Now = Noon.AddMinutes(10);
        var before = await UsageAsync(storage);

        await PurgeAsync(storage);

        // Two days before 12:10 is 12:10: what was admitted at 12:30 is younger, and what was at 11:30 older.
        RawDatabase.Read<string>(Database, "SELECT COUNT(*) || ' ' || MIN(at) FROM entry").ShouldBe($"4 {Noon.AddHours(-47.5).ToUnixTimeMilliseconds()}");
        RawDatabase.Read<long>(Database, "SELECT before FROM purge").ShouldBe(Noon.AddHours(-48).ToUnixTimeSeconds());
        (await UsageAsync(storage)).ShouldBe(before);
        before.ShouldContain("requests 6");
        await VerifyAsync();
        clock.Now = Noon.AddMinutes(59);
        await PurgeAsync(storage);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(4);
        clock.Now = Noon.AddHours(1);
        await PurgeAsync(storage);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(3);
        await VerifyAsync();
    }

    [Fact]
    public async Task Without_a_number_of_days_nothing_goes_and_nothing_is_written()
    {
        await using var storage = await StartAsync(days: null);
        await storage.Ledger.UseAsync(Demand([], Noon.AddYears(-9)), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        var commits = storage.Commits;

        await PurgeAsync(storage);

        RawDatabase.Read<string>(Database, "SELECT (SELECT COUNT(*) FROM entry) || ' ' || (SELECT COUNT(*) FROM purge)").ShouldBe("1 0");
        storage.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task The_last_hour_is_kept_whatever_the_event_says()
    {
        await using var storage = await StartAsync(days: 0);
        await storage.Ledger.UseAsync(Demand([], Noon.AddMinutes(-59)), 1, 1);
        await storage.Ledger.UseAsync(Demand([], Noon.AddMinutes(-61)), 1, 1);

        await PurgeAsync(storage);

        RawDatabase.Read<string>(Database, "SELECT group_concat(at) FROM entry").ShouldBe($"{Noon.AddMinutes(-59).ToUnixTimeMilliseconds()}");
        (Retention.Least.TotalSeconds > History.RememberedMinutes + 60).ShouldBeTrue("A start opens the accounts of minutes from their entries.");
    }

    [Fact]
    public async Task What_is_on_its_way_is_not_touched_and_goes_once_it_is_settled()
    {
        await using var storage = await StartAsync(days: 1);
        var demand = Demand([], Noon, wanted: 100);
        var open = await storage.Ledger.ReserveAsync(demand);
        await storage.Ledger.UseAsync(Demand([], Noon), 1, 1);
        clock.Now = Noon.AddDays(3);
        await PurgeAsync(storage);
        await storage.Ledger.LookAsync(b => b.Show().Open.Count.ShouldBe(1));

        await storage.Ledger.SettleAsync(open, Used(demand, 7, 7));

        (await UsageAsync(storage)).ShouldContain("requests 2, input 8");
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(1);
        await VerifyAsync();
        await PurgeAsync(storage);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(0);
        (await UsageAsync(storage)).ShouldContain("requests 2, input 8");
        await VerifyAsync();
    }

    [Fact]
    public async Task What_is_purged_is_not_charged_again_where_the_journal_still_has_its_reservation()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1_000 } }, clock);
        await storage.MakeAsync(async change =>
        {
            await Examples.PutAllAsync(change);
            await change.Events.PutAsync(Examples.Event with { RetentionDays = 1 });
        });
        // One file has both reservations, and stays for the sake of the first; the one with the settlement of the second goes.
        var open = await storage.Ledger.ReserveAsync(Demand([]));
        var settled = await storage.Ledger.ReserveAsync(Demand([]));
        for (var i = 0; i < 10; i++)
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.SettleAsync(settled, Used(settled.Demand, 1, 1));
        for (var i = 0; i < 10; i++)
            await storage.Ledger.UseAsync(Demand([]), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Ledger.LookAsync(_ => { });
        SegmentFile.In(directory["data"]).Count.ShouldBe(2);
        clock.Now = Noon.AddDays(3);
        await PurgeAsync(storage);
        var (killed, database) = (Data with { DataDirectory = directory["killed"] }, directory["killed/openai-proxy.db"]);
        await Backup.WriteAsync(Data, directory["killed.tar.gz"], CancellationToken.None);
        await Restore.ReadAsync(killed, directory["killed.tar.gz"], CancellationToken.None);

        await using (var again = await StorageUnderTest.StartAsync(killed, clock))
        {
            RawDatabase.Read<string>(database, "SELECT SUM(requests) || ' ' || SUM(unsettled) FROM total").ShouldBe("22 1");
            await again.Purger.PurgeAsync(CancellationToken.None);
        }

        RawDatabase.Read<string>(database, "SELECT (SELECT COUNT(*) FROM entry) || ' ' || (SELECT COUNT(*) FROM purged_entry)").ShouldBe("0 0");
        (await Verification.RunAsync(killed, TimeProvider.System, CancellationToken.None)).ShouldBeEmpty();
        await storage.Ledger.SettleAsync(open, Used(open.Demand, 1, 1));
    }

    [Theory]
    [InlineData("UPDATE entry SET output = output + 1 WHERE id = (SELECT MAX(id) FROM entry)")]
    [InlineData("DELETE FROM entry WHERE id = (SELECT MIN(id) FROM entry)")]
    [InlineData("UPDATE total SET cost = cost - 1 WHERE hour = (SELECT MAX(hour) FROM total)")]
    [InlineData("DELETE FROM total WHERE hour = (SELECT MAX(hour) FROM total)")]
    [InlineData("UPDATE entry SET hour = hour - 3600 WHERE id = (SELECT MAX(id) FROM entry)")]
    public async Task What_is_left_is_audited_as_before(string tampering)
    {
        await using (var storage = await StartAsync(days: 1))
        {
            foreach (var hours in new[] { 0, 1, 40, 80 })
                await storage.Ledger.UseAsync(Demand([], Noon.AddHours(-hours)), 1, 1);
            await PurgeAsync(storage);
        }
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(2);
        await VerifyAsync();

        RawDatabase.Run(Database, tampering);

        (await Verification.RunAsync(Data, TimeProvider.System, CancellationToken.None)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Many_go_in_small_transactions_between_which_all_is_well()
    {
        await using var storage = await StartAsync(days: 1);
        await Task.WhenAll(Enumerable.Range(0, 2_500).Select(i => storage.Ledger.UseAsync(Demand([], Noon.AddDays(-3).AddSeconds(i)), 1, 1)));
        await storage.Ledger.FoldAsync(CancellationToken.None);
        var (commits, before) = (storage.Commits, await UsageAsync(storage));
        var old = (await storage.Database.ReadAsync(s => OldEntries.FindAsync(s, Noon, 0), CancellationToken.None)).ShouldHaveSingleItem();
        await storage.Database.WriteAsync(s => old.DeleteAsync(s, 10), _ => { }, CancellationToken.None);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(2_490);
        await VerifyAsync();

        await PurgeAsync(storage);

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(0);
        (storage.Commits - commits).ShouldBe(1 + 3);
        // What went by hand above is in no trail.
        RawDatabase.Read<string>(Database, "SELECT actor || ' ' || name || ' ' || event || ' ' || before FROM audit WHERE action = 'purge' AND kind = 'event'")
            .ShouldBe("""server hackathon hackathon {"entries":2490,"admittedBefore":"2030-05-01T12:00:00Z"}""");
        (await UsageAsync(storage)).ShouldBe(before);
        await VerifyAsync();
    }

    [Fact]
    public async Task A_locked_database_keeps_them_until_the_next_time()
    {
        await using var storage = await StartAsync(days: 1);
        await storage.Ledger.UseAsync(Demand([], Noon.AddDays(-3)), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        using (var other = RawDatabase.Open(Database))
        {
            other.Run("BEGIN EXCLUSIVE");
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.Purger.PurgeAsync(CancellationToken.None));
        }

        await PurgeAsync(storage);

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry").ShouldBe(0);
    }

    [Fact]
    public async Task Refusals_go_with_the_entries_or_after_ninety_days()
    {
        await using var storage = await StartAsync(days: 2);
        await storage.MakeAsync(change => change.Events.PutAsync(Examples.Event with { Code = "ever", RetentionDays = null }));
        var (ann, eve) = (await storage.EnterAsync("hackathon", "ann"), await storage.EnterAsync("ever", "eve"));
        foreach (var (code, attendee) in new[] { ("hackathon", ann), ("ever", eve), ("", null) })
            foreach (var days in new[] { 91, 89, 3, 1 })
            {
                storage.Refusals.Add(new Domain.Refusals.RefusalNote(code, days > 1 ? attendee?.Id : null, $"r{days}", "", Noon.AddDays(-days), ""));
                await storage.Refusals.WriteAsync();
            }

        await storage.Purger.PurgeAsync(CancellationToken.None);

        RawDatabase.Read<string>(Database, "SELECT group_concat(event || ' ' || reason) FROM (SELECT * FROM refusal ORDER BY event, reason)")
            .ShouldBe(" r1, r3, r89,ever r1,ever r3,ever r89,hackathon r1");
        RawDatabase.Read<string>(Database, "SELECT group_concat(attendee || ' ' || code) FROM attendee_refusal").ShouldBe($"{eve!.Id} r3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Purged_at_any_hour_no_limit_forgets_what_is_used_and_all_adds_up(int seed)
    {
        const int rounds = 8;
        var random = new Random(seed);
        clock.Now = new DateTimeOffset(2026, 4, 3, 13, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(3_600));
        var histories = Enumerable.Range(1_000 * seed, 40).Select(number => new GeneratedHistory(number, clock.Now)).ToList();
        await using (var storage = await StorageUnderTest.StartAsync(Data, clock))
            await storage.MakeAsync(async change =>
            {
                await Examples.PutAllAsync(change);
                foreach (var h in histories)
                    await change.Events.AddAsync(Examples.Event with { Code = h.Event, TimeZone = h.Zone, RetentionDays = random.Next(3) });
            });
        for (var round = 0; round < rounds; round++)
        {
            await using (var storage = await StorageUnderTest.StartAsync(Data, clock))
            {
                await Task.WhenAll(histories.Select(h => Task.Run(() => h.GoOnAsync(storage.Ledger))));
                await PurgeAsync(storage);
                await VerifyAsync();
            }
            histories.ForEach(h => h.Die());
            // About as far as the histories have gone, or a day or two later.
            clock.Now += TimeSpan.FromSeconds(random.Next(round % 2 == 0 ? 40_000 : 150_000));
            histories.ForEach(h => h.Rest(clock.Now));
        }
        await using var last = await StorageUnderTest.StartAsync(Data, clock);
        await PurgeAsync(last);

        foreach (var history in histories)
        {
            var settled = history.Requests.Select(r => r.Settlement!.Value).ToList();
            var view = await last.ReadAsync(tables => tables.Usage.SumAsync(new UsageQuery { Event = EventCode.Parse(history.Event) }, Viewer.Everybody));
            (view.Total.Requests, view.Total.Input, view.Total.Output, view.Total.Cost).ShouldBe((
                settled.Sum(s => s.AmountOf(LimitUnit.Requests)), settled.Sum(s => s.Usage.Input), settled.Sum(s => s.Usage.Output), settled.Sum(s => s.Cost)), history.Event);
        }
        await VerifyAsync();
        var (kept, all) = (RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM entry"), histories.Sum(h => h.Requests.Count));
        kept.ShouldBeInRange(1, all - 1);
        // What must not go has not, and what must go has, but for the rest of an hour.
        const string kept1 = "FROM entry JOIN event e ON e.code = event WHERE at < (@now - MAX(e.retention_days * 86400, 3600) - 7200) * 1000";
        RawDatabase.Read<long>(Database, $"SELECT COUNT(*) {kept1.Replace("@now", $"{clock.Now.ToUnixTimeSeconds()}", StringComparison.Ordinal)}").ShouldBe(0);
        foreach (var (code, days) in Retained())
        {
            var from = Retention.KeptFrom(days, clock.Now);
            var young = histories.Single(h => h.Event == code).Requests.Count(r => r.Reservation.Demand.At >= from);
            RawDatabase.Read<long>(Database, $"SELECT COUNT(*) FROM entry WHERE event = '{code}' AND at >= {from.ToUnixTimeMilliseconds()}").ShouldBe(young, code);
        }
    }

    private IEnumerable<(string Code, int Days)> Retained() =>
        RawDatabase.Read<string>(Database, "SELECT group_concat(code || ' ' || retention_days) FROM event WHERE retention_days IS NOT NULL").Split(',')
            .Select(e => e.Split(' ')).Select(e => (e[0], int.Parse(e[1], System.Globalization.CultureInfo.InvariantCulture)));

    private async Task<StorageUnderTest> StartAsync(int? days)
    {
        var storage = await StorageUnderTest.StartAsync(Data, clock);
        await storage.MakeAsync(async change =>
        {
            await Examples.PutAllAsync(change);
            await change.Events.PutAsync(Examples.Event with { TimeZone = "UTC", RetentionDays = days });
        });
        return storage;
    }

    private static async Task PurgeAsync(StorageUnderTest storage)
    {
        await storage.Ledger.FoldAsync(CancellationToken.None);
        await storage.Purger.PurgeAsync(CancellationToken.None);
    }

    private static async Task<string> UsageAsync(StorageUnderTest storage)
    {
        var texts = new List<string>();
        foreach (var by in Enum.GetValues<UsageGrouping>())
        {
            var view = await storage.Reads.ReadSettledAsync(tables => tables.Usage.SumAsync(new UsageQuery { GroupBy = by }, Viewer.Everybody), CancellationToken.None);
            view.Groups.Aggregate(UsageSum.None, (sum, g) => sum + g.Sum).ShouldBe(view.Total);
            texts.Add($"{by}: requests {view.Total.Requests}, input {view.Total.Input}; {string.Join(' ', view.Groups.Select(g => $"{g.Key} {g.Sum}"))}");
        }
        return string.Join('\n', texts);
    }

    private async Task VerifyAsync() => (await Verification.RunAsync(Data, TimeProvider.System, CancellationToken.None)).ShouldBeEmpty();
}
