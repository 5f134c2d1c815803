using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>Brings a database to this version, each step in a transaction of its own, and knows which one it must not touch.</summary>
internal sealed partial class SqliteMigrator(IReadOnlyList<Migration> migrations, string path, TimeProvider time, ILogger logger)
{
    private const string MakeHistory = """
        CREATE TABLE IF NOT EXISTS schema_version (
            number     INTEGER PRIMARY KEY,
            name       TEXT    NOT NULL,
            checksum   TEXT    NOT NULL,
            applied_at INTEGER NOT NULL
        )
        """;

    /// <summary>Reads only.</summary>
    /// <exception cref="StorageException">The database is newer, is not ours, or was made by other migrations.</exception>
    public void Check(SqliteConnection connection)
    {
        var applied = Applied(connection);
        var newest = migrations[^1].Number;
        if (applied.Count > 0 && applied[^1].Number > newest)
            throw new StorageException(
                $"The database '{path}' was made by a newer version (schema {applied[^1].Number}, this one knows {newest}): "
                + "start the newer version, or choose another directory with --data.");
        foreach (var (known, had) in migrations.Zip(applied))
            if (known.Number != had.Number || known.Checksum != had.Checksum)
                throw new StorageException(
                    $"The database '{path}' was made by another build: its migration '{had.Name}' differs from '{known.Name}' of this one. "
                    + "Start the build that made it, or choose another directory with --data.");
    }

    public void Migrate(SqliteConnection connection)
    {
        Check(connection);
        // SQLite's way to rebuild a table needs them off, and they cannot be turned off inside a transaction.
        connection.Run("PRAGMA foreign_keys = OFF");
        foreach (var migration in migrations.Skip(Applied(connection).Count))
            Apply(migration, connection);
        connection.Run("PRAGMA foreign_keys = ON");
    }

    private void Apply(Migration migration, SqliteConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            connection.Run(MakeHistory);
            connection.Run(migration.Sql);
            if (connection.Query("PRAGMA foreign_key_check").AsList().Count > 0)
                throw new StorageException($"The database '{path}' could not be migrated: '{migration.Name}' leaves rows that refer to nothing.");
            connection.Execute(
                "INSERT INTO schema_version (number, name, checksum, applied_at) VALUES (@Number, @Name, @Checksum, @AppliedAt)",
                new { migration.Number, migration.Name, migration.Checksum, AppliedAt = time.GetUtcNow().ToUnixTimeMilliseconds() });
            connection.Run("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
        LogMigrated(migration.Name);
    }

    private List<History> Applied(SqliteConnection connection)
    {
        var tables = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").AsList();
        if (tables.Count == 0)
            return [];
        if (!tables.Contains("schema_version"))
            throw new StorageException($"The database '{path}' belongs to another program: choose another directory with --data.");
        return connection.Query<History>("SELECT number, name, checksum FROM schema_version ORDER BY number").AsList();
    }

    [LoggerMessage(LogEvents.Migrated, LogLevel.Information, "Migrated the database: {Migration}")]
    private partial void LogMigrated(string migration);

    private sealed class History
    {
        public int Number { get; init; }

        public string Name { get; init; } = "";

        public string Checksum { get; init; } = "";
    }
}
