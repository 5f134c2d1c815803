using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>Statements without parameters: settings and the bounds of transactions.</summary>
internal static class SqliteCommands
{
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant or a migration.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Whether a transaction is open: SQLite ends one by itself after some errors, such as a full disk.</summary>
    public static bool IsInTransaction(this SqliteConnection connection) =>
        SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Ends a transaction that failed, if SQLite has not done so.</summary>
    public static void RollBack(this SqliteConnection connection)
    {
        if (connection.IsInTransaction())
            connection.Run("ROLLBACK");
    }
}
