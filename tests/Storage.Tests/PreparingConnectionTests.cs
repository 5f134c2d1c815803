using Dapper;
using Microsoft.Data.Sqlite;
using OpenAIProxy.Storage.Sqlite;
using SQLitePCL;

namespace OpenAIProxy.Storage.Tests;

public sealed class PreparingConnectionTests : IDisposable
{
    private const string Insert = "INSERT INTO thing (name, size) VALUES (@name, @size)";

    private readonly PreparingConnection connection = new("Data Source=:memory:");

    public PreparingConnectionTests()
    {
        Batteries_V2.Init();
        connection.Open();
        connection.Handle!.enable_sqlite3_next_stmt(true);
        connection.Execute("CREATE TABLE thing (name TEXT NOT NULL UNIQUE, size INTEGER)");
    }

    public void Dispose() => connection.Dispose();

    [Fact]
    public void Statement_with_parameters_is_prepared_once_and_each_run_has_its_own_values()
    {
        connection.Execute(Insert, new[] { new { name = "one", size = (long?)1 }, new { name = "two", size = (long?)null } });
        connection.Execute(Insert, new { name = "three", size = 3 });

        Sizes("one", "two", "three").ShouldBe([1, null, 3]);
        Prepared().ShouldBe(2);
    }

    [Fact]
    public void Statement_that_failed_is_prepared_anew()
    {
        connection.Execute(Insert, new { name = "one", size = 1 });

        Should.Throw<SqliteException>(() => connection.Execute(Insert, new { name = "one", size = 2 }));
        var afterFailure = Prepared();
        connection.Execute(Insert, new { name = "two", size = 2 });

        afterFailure.ShouldBe(0);
        Sizes("one", "two").ShouldBe([1, 2]);
    }

    [Fact]
    public void Statement_without_parameters_is_not_kept()
    {
        connection.Query<string>("SELECT name FROM thing").ShouldBeEmpty();

        Prepared().ShouldBe(0);
    }

    private List<long?> Sizes(params string[] names) =>
        [.. names.Select(name => connection.QuerySingle<long?>("SELECT size FROM thing WHERE name = @name", new { name }))];

    private int Prepared()
    {
        var count = 0;
        for (var statement = raw.sqlite3_next_stmt(connection.Handle, null); statement is not null; statement = raw.sqlite3_next_stmt(connection.Handle, statement))
            count++;
        return count;
    }
}
