using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Verifying;

/// <summary>
/// The auditor of a running server: totals, journal, and the accounts in memory, all against the entries. Requests go on
/// meanwhile; they wait for the moment in which the accounts are copied only. Thread-safe.
/// </summary>
public sealed class LedgerVerification
{
    private readonly StorageOptions options;
    private readonly SqliteDatabase database;
    private readonly SqliteLedger ledger;

    internal LedgerVerification(StorageOptions options, SqliteDatabase database, SqliteLedger ledger) =>
        (this.options, this.database, this.ledger) = (options, database, ledger);

    /// <summary>
    /// 1. The journal is read. 2. The accounts are copied, between two requests: a write of the journal is over then, so what
    /// still looks damaged is so. 3. What was settled by then is brought into the database. 4. There all is counted again, of one
    /// moment; what came after the copy is left out.
    /// </summary>
    /// <exception cref="Domain.StorageUnavailableException">The database cannot be read or written now.</exception>
    public async Task<LedgerFindings> RunAsync(CancellationToken cancellation)
    {
        // 1.
        var journal = JournalScan.Read(options.DataDirectory);
        // 2.
        LiveBooks books = null!;
        await ledger.LookAsync(bookkeeper => books = bookkeeper.Show());
        if (journal.Damages.Count > 0)
            journal = LedgerCheck.Lasting(journal, JournalScan.Read(options.DataDirectory));
        // 3.
        await ledger.FoldAsync(cancellation);
        // 4.
        return await database.ReadAsync(statements => CompareAsync(statements, journal, books), cancellation);
    }

    private static async Task<LedgerFindings> CompareAsync(Statements statements, JournalScan journal, LiveBooks books)
    {
        var differences = new List<string>(await LedgerCheck.RunAsync(statements, journal));
        var counted = await CountedBooks.ReadAsync(statements, books);
        differences.AddRange(counted.Differences(books).Take(LedgerCheck.MostDifferences));
        var (entries, totals) = await statements.FindAsync<(long, long)>("SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM total)");
        return new LedgerFindings(entries, totals, books.Accounts.Count, books.Open.Count, differences);
    }
}
