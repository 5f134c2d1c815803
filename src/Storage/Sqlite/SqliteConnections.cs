using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>Opens connections to the database file, all with the same settings.</summary>
/// <param name="survivesPowerLoss">Whether a commit waits for the disk. Else what was committed last may be missing after the death of the machine; the file is whole all the same.</param>
internal sealed class SqliteConnections(string path, TimeSpan busyTimeout, bool survivesPowerLoss = false)
{
    static SqliteConnections() => SQLitePCL.Batteries_V2.Init();

    public SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWrite, text => new PreparingConnection(text));
        try
        {
            connection.Run("PRAGMA journal_mode = WAL");
            connection.Run(survivesPowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            connection.Run("PRAGMA foreign_keys = ON");
            // In KiB. What entries and their indexes grow by fits, so that folding writes without reading.
            connection.Run("PRAGMA cache_size = -16384");
            // In pages of 4 KiB: copied back into the database four times less often than by default.
            connection.Run("PRAGMA wal_autocheckpoint = 4000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that cannot change anything, although it may take part in the write-ahead log.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadWrite, text => new SqliteConnection(text));
        connection.Run("PRAGMA query_only = ON");
        return connection;
    }

    /// <summary>A connection that does not touch the file, for a look at a database that may not be ours to change.</summary>
    public SqliteConnection OpenToInspect() => Open(SqliteOpenMode.ReadOnly, text => new SqliteConnection(text));

    private SqliteConnection Open(SqliteOpenMode mode, Func<string, SqliteConnection> make)
    {
        var connection = make(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // A pool would hold the file open after everything is closed.
            Pooling = false,
            // SQLite itself waits (below); the library would then try again for this many seconds, and 0 is for ever.
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
