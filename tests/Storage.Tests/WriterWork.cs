using SQLitePCL;

namespace OpenAIProxy.Storage.Tests;

/// <summary>Counts what the connection that writes has to do: no clock says whether work grows with its square.</summary>
internal sealed class WriterWork : IDisposable
{
    private readonly sqlite3 database;

    public WriterWork(StorageUnderTest storage)
    {
        database = storage.Database.Writer().Handle!;
        raw.sqlite3_trace(database, (strdelegate_trace)((_, _) => Statements++), null);
        raw.sqlite3_progress_handler(database, 1, _ => CountInstruction(), null);
    }

    /// <summary>Statements that were run.</summary>
    public long Statements { get; private set; }

    /// <summary>Instructions of SQLite's machine: a row that is looked at costs some, found or not.</summary>
    public long Instructions { get; private set; }

    public void Dispose()
    {
        raw.sqlite3_trace(database, (strdelegate_trace?)null, null);
        raw.sqlite3_progress_handler(database, 0, null, null);
    }

    private int CountInstruction()
    {
        Instructions++;
        return 0;
    }
}
