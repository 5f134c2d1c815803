using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>Fills the accounts' histories from the totals, and those of the running minute from its entries.</summary>
internal static class AccountLoader
{
    /// <summary>All that is settled must be in the database by now.</summary>
    public static async Task<Accounts> LoadAsync(SqliteDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        var second = now.ToUnixTimeSeconds();
        var (hoursFrom, minutesFrom) = (second - History.Remembered, second - second % 60 - History.RememberedMinutes);
        var accounts = new Accounts();
        await database.ReadAsync(
            async statements =>
            {
                foreach (var row in await statements.QueryAsync<SumRow>(SumRow.ByHour, new { hoursFrom }))
                    foreach (var tally in accounts.TalliesOf(row.Event, row.Attendee, row.Model))
                        tally.History.Load(row.Start, row.Amounts, hoursFrom, minutesFrom);
                foreach (var row in await statements.QueryAsync<SumRow>(SumRow.ByMinute, new { from = minutesFrom * 1_000 }))
                    foreach (var tally in accounts.TalliesOf(row.Event, row.Attendee, row.Model))
                        tally.History.LoadMinute(row.Start, row.Amounts);
                return true;
            },
            cancellation);
        return accounts;
    }
}
