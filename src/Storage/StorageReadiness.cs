using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage;

/// <summary>Whether storage can be read and written at this moment. Thread-safe.</summary>
public sealed partial class StorageReadiness
{
    private readonly SqliteDatabase database;
    private readonly SqliteLedger ledger;
    private readonly ILogger<StorageReadiness> logger;

    internal StorageReadiness(SqliteDatabase database, SqliteLedger ledger, ILogger<StorageReadiness> logger)
    {
        this.database = database;
        this.ledger = ledger;
        this.logger = logger;
    }

    /// <summary>
    /// Takes the write lock and gives it back, and asks the ledger; answers within the time allowed for waiting on a lock, twice over. A disk that is full lets a lock be
    /// taken: only who writes finds out. On a disk that hangs it does not answer at all, unless it is one of our writes that hangs.
    /// </summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            if (!await database.CanWriteAsync(cancellation))
            {
                LogNotReady("whoever writes to the database has waited too long for the disk, or for another program that has locked it.");
                return false;
            }
            if (await ledger.TroubleAsync() is not { } trouble)
                return true;
            LogNotReady(trouble.Message);
            return false;
        }
        catch (Exception e) when (e is StorageUnavailableException or SqliteException or InvalidOperationException)
        {
            LogNotReady(e.Message);
            return false;
        }
    }

    [LoggerMessage(LogEvents.NotReady, LogLevel.Warning, "Storage is not ready: {Reason}")]
    private partial void LogNotReady(string reason);
}
