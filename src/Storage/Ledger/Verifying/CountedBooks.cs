using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger.Counting;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Ledger.Verifying;

/// <summary>What the accounts in memory should have been at one moment, counted from what is stored.</summary>
/// <remarks>
/// The database is read after the moment and has more. Nothing that was begun later can have been settled then, so it goes by
/// the entries' ids: 1. what is stored, 2. without what was begun or settled later, 3. with what was settled and not written yet.
/// </remarks>
internal sealed class CountedBooks
{
    // As many parameters as any SQLite takes.
    private const int MostIds = 500;

    private readonly Dictionary<TallyKey, Tally> tallies = [];
    private Dictionary<string, long> purgedBefore = [];

    /// <summary>Everything that was settled before the books were taken must be in the database by now.</summary>
    public static async Task<CountedBooks> ReadAsync(Statements statements, LiveBooks books)
    {
        var counted = new CountedBooks { purgedBefore = await PurgedAsync(statements) };
        // 1.
        await counted.AddTotalsAsync(statements, Earliest(books, a => a.Window is LimitWindow.Hour or LimitWindow.Day));
        await counted.AddMinutesAsync(statements, Earliest(books, a => a.Window == LimitWindow.Minute));
        // 2.
        foreach (var row in await statements.QueryAsync<EntryRow>($"SELECT {EntryRow.Columns} FROM entry WHERE id > @LastWritten", new { books.LastWritten }))
            counted.Take(row);
        foreach (var row in await RowsAsync(statements, books.Open.Select(o => o.Reservation.Id).Where(id => id <= books.LastWritten)))
            counted.Take(row);
        foreach (var row in await RowsAsync(statements, books.Unsettled.Keys))
        {
            counted.Take(row);
            counted.Put(Use.Of(row), Amounts.Of(books.Unsettled[row.Id]));
        }
        // 3.
        var stored = (await RowsAsync(statements, books.Unwritten.Select(u => u.Id))).ToDictionary(r => r.Id);
        foreach (var settlement in books.Unwritten)
        {
            stored.TryGetValue(settlement.Id, out var row);
            if (row is not null)
                counted.Take(row);
            if ((row is not null ? Use.Of(row) : settlement.Reservation is { } reservation ? Use.Of(reservation.Demand) : null) is { } use)
                counted.Put(use, Amounts.Of(settlement.Settlement));
        }
        return counted;
    }

    /// <returns>A sentence for each account that is not what it should be.</returns>
    public IEnumerable<string> Differences(LiveBooks books)
    {
        foreach (var key in books.Used.Keys.Union(tallies.Keys))
        {
            var (live, counted) = (books.Used.GetValueOrDefault(key), tallies.GetValueOrDefault(key)?.All ?? default);
            if (live != counted)
                yield return $"In memory {Whose(key)} has used {Words(live)}, and its entries say {Words(counted)}.";
        }
        var open = OpenByTally(books.Open);
        foreach (var account in books.Accounts)
        {
            var used = IsPurged(account) ? account.Balance.Used : tallies.GetValueOrDefault(account.Tally)?.In(account)[account.Unit] ?? 0;
            var reserved = open[account.Tally].Where(o => IsIn(account, o)).Sum(o => o.AmountOf(account.Unit));
            if (account.Balance != new Balance(used, reserved))
                yield return $"The account of {account.Unit} of {Whose(account.Tally)}, {Since(account)}, has {account.Balance.Used} used and {account.Balance.Reserved} reserved; "
                    + $"its entries say {used}, and the requests on their way {reserved}.";
        }
    }

    private static long? Earliest(LiveBooks books, Func<LiveAccount, bool> isWanted) => books.Accounts.Where(isWanted).Min(a => (long?)a.Start);

    private static async Task<Dictionary<string, long>> PurgedAsync(Statements statements) =>
        (await statements.QueryAsync<(string Event, long Before)>("SELECT event, before FROM purge")).ToDictionary(p => p.Event, p => p.Before);

    // Totals are of hours: no more is known of a minute whose entries are gone.
    private bool IsPurged(LiveAccount account) =>
        account.Window == LimitWindow.Minute && purgedBefore.TryGetValue(account.Tally.Event, out var before) && account.Start < before;

    private async Task AddTotalsAsync(Statements statements, long? hoursFrom)
    {
        foreach (var row in await statements.QueryAsync<SumRow>(SumRow.ByHour, new { hoursFrom = hoursFrom ?? long.MaxValue }))
            foreach (var tally in TalliesOf(row.Event, row.Attendee, row.Model))
                tally.Add(row.Start, row.Amounts);
    }

    private async Task AddMinutesAsync(Statements statements, long? minutesFrom)
    {
        if (minutesFrom is not { } from)
            return;
        foreach (var row in await statements.QueryAsync<SumRow>(SumRow.ByMinute, new { from = from * 1_000 }))
            foreach (var tally in TalliesOf(row.Event, row.Attendee, row.Model))
                tally.AddToMinute(row.Start, row.Amounts);
    }

    private static async Task<List<EntryRow>> RowsAsync(Statements statements, IEnumerable<long> ids)
    {
        var rows = new List<EntryRow>();
        foreach (var some in ids.Chunk(MostIds))
            rows.AddRange(await statements.QueryAsync<EntryRow>($"SELECT {EntryRow.Columns} FROM entry WHERE id IN @some", new { some }));
        return rows;
    }

    private void Take(EntryRow row) => Put(Use.Of(row), default(Amounts) - Amounts.Of(row.Settlement()));

    private void Put(Use use, Amounts amounts)
    {
        foreach (var tally in TalliesOf(use.Event, use.Attendee, use.Model))
        {
            tally.Add(use.Hour, amounts);
            tally.AddToMinute(use.Second, amounts);
        }
    }

    private IEnumerable<Tally> TalliesOf(string @event, long attendee, string model)
    {
        foreach (var key in TallyKey.Of(@event, attendee, model))
        {
            if (!tallies.TryGetValue(key, out var tally))
                tallies.Add(key, tally = new Tally());
            yield return tally;
        }
    }

    private static ILookup<TallyKey, OpenReservation> OpenByTally(IReadOnlyList<OpenReservation> open) => open
        .SelectMany(o => TallyKey.Of(o.Reservation.Demand.Event, o.Reservation.Demand.Attendee, o.Reservation.Demand.Model).Select(key => (Key: key, Open: o)))
        .ToLookup(o => o.Key, o => o.Open);

    private static bool IsIn(LiveAccount account, OpenReservation open)
    {
        var demand = open.Reservation.Demand;
        var at = account.Window == LimitWindow.Minute ? demand.At.ToUnixTimeSeconds() : demand.Hour;
        return account.Start <= at && at < account.End;
    }

    private static string Words(Amounts amounts) => $"{amounts.Requests} requests, {amounts.Input} + {amounts.Output} tokens, {amounts.Cost} micro-dollars";

    private static string Whose(TallyKey key) =>
        (key.Attendee == 0 ? "everybody" : $"attendee {key.Attendee}") + (key.Model.Length == 0 ? "" : $" on {key.Model}") + $" in event '{key.Event}'";

    private static string Since(LiveAccount account) =>
        account.Start == 0 ? "of the whole event" : $"of the {account.Window.ToString().ToLowerInvariant()} from {Moments.Text(DateTimeOffset.FromUnixTimeSeconds(account.Start))}";

    /// <summary>Where an entry counts.</summary>
    /// <param name="Second">Of its admission, since 1970.</param>
    private sealed record Use(string Event, long Attendee, string Model, long Hour, long Second)
    {
        public static Use Of(EntryRow row) => new(row.Event, row.Attendee, row.Model, row.Hour, Moments.Of(row.At).ToUnixTimeSeconds());

        public static Use Of(Demand demand) => new(demand.Event, demand.Attendee, demand.Model, demand.Hour, demand.At.ToUnixTimeSeconds());
    }

    private sealed class Tally
    {
        private readonly Dictionary<long, Amounts> hours = [];
        private readonly Dictionary<long, Amounts> minutes = [];

        public Amounts All { get; private set; }

        public void Add(long hour, Amounts amounts)
        {
            All += amounts;
            hours[hour] = hours.GetValueOrDefault(hour) + amounts;
        }

        public void AddToMinute(long second, Amounts amounts) => minutes[second - second % 60] = minutes.GetValueOrDefault(second - second % 60) + amounts;

        public Amounts In(LiveAccount account) => account.Window switch
        {
            LimitWindow.Event => All,
            LimitWindow.Minute => minutes.GetValueOrDefault(account.Start),
            _ => hours.Where(h => account.Start <= h.Key && h.Key < account.End).Aggregate(default(Amounts), (sum, hour) => sum + hour.Value),
        };
    }
}
