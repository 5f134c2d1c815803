using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>
/// One statement for many rows: prepared once, its parameters bound by their place. A command of the library looks each of them
/// up by its name for each row, which costs more than the row itself. For one thread.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int LongestOnStack = 512;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly IDisposable? call;
    private int bound;

    /// <param name="sql">One statement, its parameters written as <c>?</c>.</param>
    /// <param name="calls">Where it is the writer's: until it is disposed it counts as one call.</param>
    /// <exception cref="SqliteException">It is none.</exception>
    public SqliteStatement(SqliteConnection connection, string sql, WriterCalls? calls = null)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
        call = calls?.Begin();
    }

    /// <summary>Binds the next parameter.</summary>
    public void Bind(long value) => Check(raw.sqlite3_bind_int64(statement, ++bound, value));

    /// <inheritdoc cref="Bind(long)"/>
    public void Bind(long? value)
    {
        if (value is { } number)
            Bind(number);
        else
            Check(raw.sqlite3_bind_null(statement, ++bound));
    }

    /// <inheritdoc cref="Bind(long)"/>
    public void Bind(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, ++bound));
            return;
        }
        if (value.Length == 0)
        {
            // A span of nothing has no address, which SQLite takes for null.
            Check(raw.sqlite3_bind_text(statement, ++bound, value));
            return;
        }
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var text = most <= LongestOnStack ? stackalloc byte[most] : new byte[most];
        Check(raw.sqlite3_bind_text(statement, ++bound, text[..Encoding.UTF8.GetBytes(value, text)]));
    }

    /// <summary>Binds the next parameter to a value's text, without making a string of it.</summary>
    /// <param name="format">One whose text has at most 64 characters.</param>
    public void Bind<T>(T value, string format)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[64];
        if (!value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture))
            throw new ArgumentException($"The text of '{format}' is longer than 64 characters.", nameof(format));
        Check(raw.sqlite3_bind_text(statement, ++bound, text[..length]));
    }

    /// <summary>Runs it with what is bound; the next row begins with the first parameter.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public void Run()
    {
        bound = 0;
        var outcome = raw.sqlite3_step(statement);
        // What a failed step has to say is said by it; a reset repeats it.
        _ = raw.sqlite3_reset(statement);
        if (outcome != raw.SQLITE_DONE)
            Check(outcome);
    }

    public void Dispose()
    {
        statement.Dispose();
        call?.Dispose();
    }

    private void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, database);
}
