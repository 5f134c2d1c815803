using Microsoft.Data.Sqlite;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Tests;

public sealed class SqliteStatementTests
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("é", "'é'")]
    [InlineData(null, "NULL")]
    public void Text_is_what_it_was(string? text, string quoted)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Execute(connection, "CREATE TABLE kept (text TEXT)");

        using (var insert = new SqliteStatement(connection, "INSERT INTO kept VALUES (?)"))
        {
            insert.Bind(text);
            insert.Run();
        }

        Execute(connection, "SELECT quote(text) FROM kept").ShouldBe(quoted);
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
