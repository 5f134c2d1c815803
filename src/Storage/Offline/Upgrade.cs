using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Offline;

/// <summary>Brings a data directory that is there to this version, as a start of the server would.</summary>
public static class Upgrade
{
    /// <exception cref="StorageException">There is no database to bring to it, a server is running on it, or it cannot be done.</exception>
    public static async Task RunAsync(StorageOptions options, CancellationToken cancellation)
    {
        // A start would make a new one: whoever has mistyped the directory would be told that all is well.
        _ = DataDirectory.DatabaseThatIsIn(options.DataDirectory);
        await using var parts = new ServiceCollection().AddStorage(options).BuildServiceProvider();
        using var startup = parts.GetRequiredService<StorageStartup>();
        await startup.StartAsync(cancellation);
    }
}
