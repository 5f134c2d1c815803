using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Testing;

/// <summary>The ledger as it is stored, behind what the gateway and its API say of it.</summary>
public sealed class LedgerUnderTest
{
    private readonly SqliteLedger ledger;
    private readonly SqliteDatabase database;
    private readonly TimeProvider time;

    internal LedgerUnderTest(SqliteLedger ledger, SqliteDatabase database, TimeProvider time) => (this.ledger, this.database, this.time) = (ledger, database, time);

    /// <summary>Every entry, oldest first: what was settled before the call is in it.</summary>
    public async Task<IReadOnlyList<StoredEntry>> EntriesAsync()
    {
        await ledger.FoldAsync(CancellationToken.None);
        var rows = await database.ReadAsync(s => s.QueryAsync<EntryRow>($"SELECT {EntryRow.Columns} FROM entry ORDER BY id"), CancellationToken.None);
        return [.. rows.Select(r => new StoredEntry(Guid.Parse(r.Request), r.Model, (Operation)r.Operation,
            r.ReservedInput, r.ReservedOutput, r.ReservedCost, r.Settlement()) { StatedInput = r.StatedInput })];
    }

    /// <summary>What stands in all accounts of now that a limit has asked for, with what each counts.</summary>
    public async Task<IReadOnlyList<(LimitUnit Unit, Balance Balance)>> BalancesAsync()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        IReadOnlyList<(LimitUnit, Balance)> seen = [];
        await ledger.LookAsync(b => seen = [.. b.Accounts.Tallies.SelectMany(t => t.Value.Accounts.Where(a => a.Contains(now, now))).Select(a => (a.Unit, a.Balance))]);
        return seen;
    }

    /// <summary>Lets nobody be decided on, and nothing be written to the journal, until <paramref name="hold"/> ends.</summary>
    public Task HoldAsync(Action hold) => ledger.LookAsync(_ => hold());

    /// <summary>How many reservations are open, and what stands in all accounts of now that a limit has asked for.</summary>
    public async Task<(int Open, IReadOnlyList<Balance> Balances)> AccountsAsync()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        (int Open, IReadOnlyList<Balance> Balances) seen = default;
        await ledger.LookAsync(b => seen = (b.Show().Open.Count, [.. b.Accounts.Tallies.SelectMany(t => t.Value.Accounts.Where(a => a.Contains(now, now))).Select(a => a.Balance)]));
        return seen;
    }
}

/// <summary>One row of the table of entries.</summary>
public sealed record StoredEntry(Guid Request, string Model, Operation Operation, long ReservedInput, long ReservedOutput, long ReservedCost, Settlement Settlement)
{
    public long StatedInput { get; init; }
}
