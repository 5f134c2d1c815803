using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Sql;

/// <summary>Runs statements on one connection, in the transaction that is open on it.</summary>
/// <param name="calls">Where the connection writes: that somebody sees when one of them does not come back.</param>
internal sealed class Statements(DbConnection connection, CancellationToken cancellation, WriterCalls? calls = null)
{
    /// <returns>How many rows were changed.</returns>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        using var call = calls?.Begin();
        return await connection.ExecuteAsync(Command(sql, parameters));
    }

    /// <summary>One statement for many rows, which whoever asks for it disposes.</summary>
    public SqliteStatement Prepare(string sql) => new((SqliteConnection)connection, sql, calls);

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        using var call = calls?.Begin();
        return (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();
    }

    /// <returns>The only row, or null where there is none.</returns>
    public async Task<T?> FindAsync<T>(string sql, object? parameters = null)
    {
        using var call = calls?.Begin();
        return await connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));
    }

    private CommandDefinition Command(string sql, object? parameters) => new(sql, parameters, cancellationToken: cancellation);
}
