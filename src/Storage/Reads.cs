using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage;

/// <summary>The one way to look at the configuration's rows without changing them. Thread-safe.</summary>
public sealed class Reads
{
    // Audits nothing: there is nothing to write here.
    private static readonly Actor Reader = new("reader", Viewer.Everybody);

    private readonly SqliteDatabase database;
    private readonly SqliteLedger ledger;
    private readonly RefusalBook refusals;
    private readonly SecretProtection secrets;
    private readonly TimeProvider time;

    internal Reads(SqliteDatabase database, SqliteLedger ledger, RefusalBook refusals, SecretProtection secrets, TimeProvider time)
    {
        this.database = database;
        this.ledger = ledger;
        this.refusals = refusals;
        this.secrets = secrets;
        this.time = time;
    }

    /// <summary>Everything that <paramref name="read"/> reads is of one moment. The database refuses writing here.</summary>
    /// <exception cref="Domain.StorageUnavailableException">The database cannot be read now.</exception>
    public Task<T> ReadAsync<T>(Func<Tables, Task<T>> read, CancellationToken cancellation) =>
        database.ReadAsync(statements => read(new Tables(statements, secrets, Reader, time)), cancellation);

    /// <summary>The same, with everything that was settled before the call: the ledger's journal is ahead of the database.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<T> ReadSettledAsync<T>(Func<Tables, Task<T>> read, CancellationToken cancellation)
    {
        await ledger.FoldAsync(cancellation);
        return await ReadAsync(read, cancellation);
    }

    /// <summary>The same, with every refusal of before the call, or, while the database can only be read, with those it has already.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<T> ReadCountedAsync<T>(Func<Tables, Task<T>> read, CancellationToken cancellation)
    {
        await refusals.WriteAsync();
        return await ReadAsync(read, cancellation);
    }
}
