using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Storage.Sqlite;
using SQLitePCL;

namespace OpenAIProxy.Testing;

/// <summary>A disk that does not answer from the next commit on, until it is disposed.</summary>
public sealed class HangingCommit : IDisposable
{
    private readonly sqlite3 database;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim answers = new();

    /// <param name="services">A server's.</param>
    public HangingCommit(IServiceProvider services)
    {
        database = services.GetRequiredService<SqliteDatabase>().Writer().Handle!;
        raw.sqlite3_commit_hook(database, Hang, null);
    }

    /// <summary>Completes when a commit hangs.</summary>
    public Task Reached => reached.Task;

    public void Dispose() => answers.Set();

    private int Hang(object _)
    {
        reached.TrySetResult();
        answers.Wait();
        return 0;
    }
}
