using Microsoft.Data.Sqlite;
using OpenAIProxy.Server.Settings;

namespace OpenAIProxy.Testing;

/// <summary>Another program that holds the database locked until it is disposed.</summary>
public sealed class DatabaseLock : IDisposable
{
    private readonly SqliteConnection connection;

    public DatabaseLock(string dataDirectory)
    {
        connection = new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "openai-proxy.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
    }

    /// <summary>The settings of a server that does not wait long for it.</summary>
    public static ServerSettings Allow(ServerSettings settings) => settings with { Storage = settings.Storage with { BusyTimeout = TimeSpan.FromMilliseconds(50) } };

    public void Dispose() => connection.Dispose();
}
