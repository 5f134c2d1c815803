using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>
/// The database file of a data directory that this process owns: one writer at a time, any number of readers beside it.
/// Thread-safe, apart from <see cref="Open"/>.
/// </summary>
internal sealed class SqliteDatabase(StorageOptions options, TimeProvider time, ILogger<SqliteDatabase> logger) : IDisposable
{
    private static readonly TimeSpan MostToWaitForTheLastWriter = TimeSpan.FromSeconds(5);

    // The journal is cut when the database has what was in it: it must survive what the journal does.
    private readonly SqliteConnections connections = new(DataDirectory.DatabaseIn(options.DataDirectory), options.BusyTimeout, options.Ledger.SurvivesPowerLoss);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly WriterCalls calls = new(time);
    private DataDirectory? directory;
    private SqliteConnection? writer;
    private volatile bool isWriting;

    public string Path { get; } = DataDirectory.DatabaseIn(options.DataDirectory);

    /// <summary>Claims the directory, makes the file if there is none, and brings it to this version.</summary>
    public void Open()
    {
        if (directory is not null)
            throw new InvalidOperationException("Storage has been started already.");
        directory = DataDirectory.Claim(options.DataDirectory);
        var migrator = new SqliteMigrator(Migration.All, Path, time, logger);
        if (File.Exists(Path))
        {
            using var inspected = connections.OpenToInspect();
            migrator.Check(inspected);
        }
        MakeFile();
        writer = connections.OpenWriter();
        migrator.Migrate(writer);
        // Nothing may have been written so far: learn now, and not from the first attendee, that nothing can be.
        TakeWriteLock(writer);
    }

    /// <summary>Runs <paramref name="write"/> in one transaction, alone.</summary>
    /// <param name="committed">Runs after the commit and before the next writer's turn, so that effects keep the order of commits.</param>
    /// <exception cref="Domain.StorageUnavailableException">It could not be written; nothing has been.</exception>
    public async Task<T> WriteAsync<T>(Func<Statements, Task<T>> write, Action<T> committed, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var result = await TransactAsync(write, cancellation);
            committed(result);
            return result;
        }
        catch (SqliteException e) when (SqliteTrouble.Is(e))
        {
            throw SqliteTrouble.AtRunTime(e, Path);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs <paramref name="read"/> on the state of one moment.</summary>
    /// <exception cref="Domain.StorageUnavailableException">It could not be read.</exception>
    public async Task<T> ReadAsync<T>(Func<Statements, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var reader = OpenOrThrow(connections.OpenReader);
            reader.Run("BEGIN");
            return await read(new Statements(reader, cancellation));
        }
        catch (SqliteException e) when (SqliteTrouble.Is(e))
        {
            throw SqliteTrouble.AtRunTime(e, Path);
        }
    }

    /// <summary>Whether the write lock can be had, by this process' other writers and by other programs.</summary>
    public async Task<bool> CanWriteAsync(CancellationToken cancellation)
    {
        // Who writes has the lock. A document of thousands of events is written for many seconds, which is no trouble.
        if (isWriting)
            return !calls.IsStuck;
        if (!await turn.WaitAsync(options.BusyTimeout, cancellation))
            return isWriting && !calls.IsStuck;
        try
        {
            TakeWriteLock(Writer());
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The connection that writes, for tests that make it fail.</summary>
    internal SqliteConnection Writer() => writer ??= OpenOrThrow(connections.OpenWriter);

    public void Dispose()
    {
        var isMyTurn = turn.Wait(MostToWaitForTheLastWriter);
        writer?.Dispose();
        writer = null;
        directory?.Dispose();
        directory = null;
        if (isMyTurn)
            turn.Release();
    }

    private async Task<T> TransactAsync<T>(Func<Statements, Task<T>> write, CancellationToken cancellation)
    {
        var connection = Writer();
        connection.Run("BEGIN IMMEDIATE");
        isWriting = true;
        try
        {
            var result = await write(new Statements(connection, cancellation, calls));
            using (calls.Begin())
                connection.Run("COMMIT");
            return result;
        }
        catch
        {
            Abandon(connection);
            throw;
        }
        finally
        {
            isWriting = false;
        }
    }

    private static void TakeWriteLock(SqliteConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            connection.Run("SELECT version FROM configuration");
        }
        finally
        {
            connection.RollBack();
        }
    }

    private void Abandon(SqliteConnection connection)
    {
        try
        {
            connection.RollBack();
        }
        catch (SqliteException)
        {
            // The first error is the one to tell. Closing ends the transaction, and the next writer opens anew.
            connection.Dispose();
            writer = null;
        }
    }

    private SqliteConnection OpenOrThrow(Func<SqliteConnection> open) =>
        directory is null ? throw new InvalidOperationException("Storage has not been started.") : open();

    private void MakeFile()
    {
        try
        {
            DataDirectory.MakeDatabase(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The database '{Path}' cannot be written ({e.Message.TrimEnd('.')}): give this user write access to the file and its directory.", e);
        }
    }
}
