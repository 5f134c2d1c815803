using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Ledger.Verifying;
using OpenAIProxy.Testing;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>The auditor of a running server: it tells what is wrong, and nothing that is not.</summary>
public sealed class LedgerVerificationTests : IDisposable
{
    private static readonly Limit[] Limits =
    [
        Limit(LimitUnit.Requests, 1_000_000_000_000, window: LimitWindow.Minute), Limit(LimitUnit.TotalTokens, 1_000_000_000_000, window: LimitWindow.Hour),
        Limit(LimitUnit.Money, 1_000_000_000_000, LimitScope.Event), Limit(LimitUnit.OutputTokens, 1_000_000_000_000, LimitScope.AttendeeModel, LimitWindow.Event),
        Limit(LimitUnit.InFlight, 1_000, window: LimitWindow.Event),
    ];

    private readonly TemporaryDirectory directory = new();

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Books_that_are_looked_at_have_what_was_granted_a_moment_before()
    {
        await using var storage = await StartAsync();
        await using var held = new HeldBooks(storage.Ledger);
        var reserving = storage.Ledger.ReserveAsync(Demand(Limits));
        var shown = 0;
        var looking = storage.Ledger.LookAsync(b => shown = b.Show().Open.Count);

        await held.ReleaseAsync();

        await Task.WhenAll(reserving, looking);
        shown.ShouldBe(1);
    }

    [Fact]
    public async Task All_is_well_however_many_requests_are_on_their_way()
    {
        // Left behind by a server that died, to be settled late while it is counted.
        var lost = new List<Reservation>();
        await using (var storage = await StartAsync())
            for (var i = 0; i < 20; i++)
                lost.Add(await storage.Ledger.ReserveAsync(Demand(Limits, attendee: i % 3 + 1)));
        await using var again = await StartAsync();
        for (var i = 0; i < 4; i++)
            await again.Ledger.ReserveAsync(Demand(Limits, attendee: i % 3 + 1));
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => UseAsync(again.Ledger, i))));
        var late = Task.Run(async () =>
        {
            foreach (var reservation in lost)
                await again.Ledger.SettleAsync(reservation, Used(reservation.Demand, 3, 5));
        });

        var found = new List<LedgerFindings>();
        do
            found.Add(await again.Verification.RunAsync(CancellationToken.None));
        while (!load.IsCompleted);
        await Task.WhenAll(load, late);

        found.SelectMany(f => f.Differences).ShouldBeEmpty();
        found.ShouldAllBe(f => f.OpenReservations >= 4);
        var last = await again.Verification.RunAsync(CancellationToken.None);
        last.Differences.ShouldBeEmpty();
        last.OpenReservations.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_begun_or_settled_after_the_accounts_were_copied_is_left_out()
    {
        await using var storage = await StartAsync();
        var open = await storage.Ledger.ReserveAsync(Demand(Limits));
        LiveBooks books = null!;
        await storage.Ledger.LookAsync(b => books = b.Show());
        await storage.Ledger.SettleAsync(open, Used(open.Demand, 7, 9));
        await storage.Ledger.UseAsync(Demand(Limits), 10, 30);
        await storage.Ledger.FoldAsync(CancellationToken.None);

        var counted = await storage.Database.ReadAsync(s => CountedBooks.ReadAsync(s, books), CancellationToken.None);

        counted.Differences(books).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(LimitWindow.Day)]
    [InlineData(LimitWindow.Hour)]
    public async Task A_time_zone_that_changes_while_requests_are_on_their_way_is_no_difference(LimitWindow window)
    {
        // Half past six in the evening is midnight in Kolkata, in the middle of an hour elsewhere.
        var at = new DateTimeOffset(2030, 5, 2, 18, 45, 0, TimeSpan.Zero);
        Limit[] limits = [Limit(LimitUnit.TotalTokens, 1_000, window: window)];
        await using var storage = await StorageUnderTest.StartAsync(Data, new Clock(at));
        var before = await storage.Ledger.ReserveAsync(Demand(limits, at));
        var after = await storage.Ledger.ReserveAsync(Demand(limits, at, window: Window("Asia/Kolkata")));

        (await storage.Verification.RunAsync(CancellationToken.None)).Differences.ShouldBeEmpty();
        await storage.Ledger.SettleAsync(before, Used(before.Demand, 3, 4));
        await storage.Ledger.SettleAsync(after, Used(after.Demand, 5, 6));

        (await storage.Verification.RunAsync(CancellationToken.None)).Differences.ShouldBeEmpty();
        (await storage.Ledger.RefusedAsync(Demand(limits, at, input: 2_000))).Used.ShouldBe(18);
        (await storage.Ledger.RefusedAsync(Demand(limits, at, input: 2_000, window: Window("Asia/Kolkata")))).Used.ShouldBe(11);
    }

    [Fact]
    public async Task What_is_in_the_accounts_and_cannot_be_written_is_no_difference()
    {
        var time = new ManualTime(Noon);
        await using var storage = await StorageUnderTest.StartAsync(Data with { Ledger = new LedgerOptions { SegmentSize = 1 } }, time);
        var reservation = await storage.Ledger.ReserveAsync(Demand(Limits));
        var obstacle = new SegmentFile(directory["data"], SegmentFile.In(directory["data"])[^1].Number + 1).Path;
        Directory.CreateDirectory(obstacle);
        var settling = storage.Ledger.SettleAsync(reservation, Used(reservation.Demand, 1, 1)).AsTask();
        LiveBooks books = null!;
        await storage.Ledger.LookAsync(b => books = b.Show());

        var counted = await storage.Database.ReadAsync(s => CountedBooks.ReadAsync(s, books), CancellationToken.None);

        books.Unwritten.ShouldHaveSingleItem();
        counted.Differences(books).ShouldBeEmpty();
        time.Advance(Bookkeeper.MostToWait);
        await Should.ThrowAsync<StorageUnavailableException>(() => settling);
        Directory.Delete(obstacle);
    }

    [Theory]
    [InlineData("UPDATE total SET output = output + 1", "The total of attendee 1 on gpt-4o")]
    [InlineData("UPDATE total SET output = output + 1", "In memory attendee 1 on gpt-4o in event 'hackathon' has used 1 requests, 10 + 30 tokens, 70 micro-dollars, and its entries say 1 requests, 10 + 31 tokens")]
    [InlineData("UPDATE entry SET at = at - 60000", "The account of Requests of attendee 1 in event 'hackathon', of the minute from 2030-05-02T12:00")]
    [InlineData("DELETE FROM entry; DELETE FROM total", "The account of Money of everybody in event 'hackathon', of the day from")]
    public async Task What_is_wrong_in_the_database_is_told(string damage, string told)
    {
        await using var storage = await StartAsync();
        await storage.Ledger.UseAsync(Demand(Limits), 10, 30);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        RawDatabase.Run(Database, damage);

        (await storage.Verification.RunAsync(CancellationToken.None)).Differences.ShouldContain(d => d.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wrong_in_memory_is_told()
    {
        await using var storage = await StartAsync();
        await storage.Ledger.UseAsync(Demand(Limits), 10, 30);
        await storage.Ledger.ReserveAsync(Demand(Limits, input: 5, wanted: 7));
        await storage.Ledger.LookAsync(b =>
        {
            foreach (var account in b.Accounts.Tallies.SelectMany(t => t.Value.Accounts))
                (account.Used, account.Reserved) = account.Unit == LimitUnit.TotalTokens ? (account.Used + 1, account.Reserved) : (account.Used, account.Reserved + 1);
        });

        var differences = (await storage.Verification.RunAsync(CancellationToken.None)).Differences;

        differences.Count.ShouldBe(Limits.Length);
        differences.ShouldContain(d => d.EndsWith("has 41 used and 12 reserved; its entries say 40, and the requests on their way 12.", StringComparison.Ordinal));
        differences.ShouldContain(d => d.EndsWith("has 70 used and 20 reserved; its entries say 70, and the requests on their way 19.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Purged_entries_are_no_difference()
    {
        await using var storage = await StartAsync();
        await storage.Ledger.UseAsync(Demand(Limits, at: Noon.AddDays(-3)), 10, 30);
        await storage.Ledger.UseAsync(Demand(Limits), 10, 30);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        var today = Noon.AddHours(-12).ToUnixTimeSeconds();
        RawDatabase.Run(Database, $"DELETE FROM entry WHERE hour < {today}; INSERT INTO purge (event, before) VALUES ('hackathon', {today})");

        (await storage.Verification.RunAsync(CancellationToken.None)).Differences.ShouldBeEmpty();
    }

    // Some give up, some use more than was set aside.
    [Fact]
    public void Write_that_goes_on_is_not_told_as_damage_beside_one_that_stays()
    {
        var first = Scan((491, [1, 2, 3]), (1_390, [4, 5]));
        var second = Scan((491, [1, 2, 3]), (1_390, [4, 5, 6]), (2_000, [7]));

        LedgerCheck.Lasting(first, second).Damages.ShouldHaveSingleItem().Offset.ShouldBe(491);
    }

    private static JournalScan Scan(params (long Offset, byte[] Bytes)[] damages)
    {
        var file = new SegmentFile("data", 1);
        return new JournalScan([new SegmentScan(file, null, [], [.. damages.Select(d => new Damage(file, d.Offset, d.Bytes))])]);
    }

    private static async Task UseAsync(SqliteLedger ledger, int user)
    {
        var dice = new Random(user);
        for (var i = 0; i < 1_000; i++)
        {
            var demand = Demand(Limits, attendee: user % 3 + 1, model: user % 2 == 0 ? "gpt-4o" : "gpt-4", input: dice.Next(100), wanted: dice.Next(1, 100));
            var reservation = await ledger.ReserveAsync(demand);
            var outcome = dice.Next(10) == 0 ? Outcome.NotTaken : Outcome.Complete;
            await ledger.SettleAsync(reservation, Used(demand, dice.Next(120), dice.Next(120), outcome: outcome));
        }
    }

    private Task<StorageUnderTest> StartAsync() => StorageUnderTest.StartAsync(Data, new Clock(Noon));
}
