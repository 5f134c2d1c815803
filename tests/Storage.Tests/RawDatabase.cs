using Dapper;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Storage.Tests;

/// <summary>A database file as another program sees it.</summary>
internal sealed class RawDatabase : IDisposable
{
    private readonly SqliteConnection connection;

    static RawDatabase() => SQLitePCL.Batteries_V2.Init();

    private RawDatabase(SqliteConnection connection) => this.connection = connection;

    public static RawDatabase Open(string path)
    {
        var opened = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=1");
        opened.Open();
        return new RawDatabase(opened);
    }

    public static void Run(string path, string sql)
    {
        using var database = Open(path);
        database.Run(sql);
    }

    public static T Read<T>(string path, string sql)
    {
        using var database = Open(path);
        return database.connection.ExecuteScalar<T>(sql)!;
    }

    public void Run(string sql) => connection.Execute(sql);

    public SqliteConnection Connection => connection;

    public void Dispose() => connection.Dispose();
}
