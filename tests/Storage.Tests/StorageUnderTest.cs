using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Verifying;
using OpenAIProxy.Storage.Purging;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage.Tests;

/// <summary>Storage as a server has it, on a directory of a test's choice.</summary>
internal sealed class StorageUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StorageUnderTest(ServiceProvider services, LoggedLines log)
    {
        this.services = services;
        Log = log;
    }

    public LoggedLines Log { get; }

    public Changes Changes => services.GetRequiredService<Changes>();

    public Reads Reads => services.GetRequiredService<Reads>();

    public IAttendance Attendance => services.GetRequiredService<IAttendance>();

    public StorageReadiness Readiness => services.GetRequiredService<StorageReadiness>();

    public ApiTokens Tokens => services.GetRequiredService<ApiTokens>();

    public AdminToken AdminToken => services.GetRequiredService<AdminToken>();

    public KeyRing KeyRing => services.GetRequiredService<KeyRing>();

    public Snapshot Snapshot => services.GetRequiredService<LiveSnapshot>().Current;

    public SqliteLedger Ledger => services.GetRequiredService<SqliteLedger>();

    public RefusalBook Refusals => services.GetRequiredService<RefusalBook>();

    public Purger Purger => services.GetRequiredService<Purger>();

    public LedgerVerification Verification => services.GetRequiredService<LedgerVerification>();

    /// <summary>How many transactions have been written since the start, as SQLite counts them.</summary>
    public long Commits { get; private set; }

    public SqliteDatabase Database => services.GetRequiredService<SqliteDatabase>();

    public static Task<StorageUnderTest> StartAsync(string directory) => StartAsync(new StorageOptions { DataDirectory = directory });

    public static async Task<StorageUnderTest> StartAsync(StorageOptions options, TimeProvider? time = null)
    {
        var log = new LoggedLines();
        var collection = new ServiceCollection();
        if (time is not null)
            collection.AddSingleton(time);
        collection.AddStorage(options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        collection.AddLogging(l => l.AddProvider(log));
        var provider = collection.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<StorageStartup>().StartAsync(CancellationToken.None);
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
        var storage = new StorageUnderTest(provider, log);
        SQLitePCL.raw.sqlite3_commit_hook(storage.Database.Writer().Handle, storage.Count, null);
        return storage;
    }

    private int Count(object _)
    {
        Commits++;
        return 0;
    }

    public Event Event(string code) => Snapshot.FindEvent(EventCode.Parse(code)).ShouldNotBeNull();

    public Task MakeAsync(Func<Change, Task> write) => Changes.MakeAsync(write, CancellationToken.None);

    public Task<T> MakeAsync<T>(Func<Change, Task<T>> write) => MakeAsync(Actor.Server, write);

    public Task MakeAsync(Actor actor, Func<Change, Task> write) => Changes.MakeAsync(actor, write, CancellationToken.None);

    public Task<T> MakeAsync<T>(Actor actor, Func<Change, Task<T>> write) => Changes.MakeAsync(actor, write, CancellationToken.None);

    public Task<T> ReadAsync<T>(Func<Tables, Task<T>> read) => Reads.ReadAsync(read, CancellationToken.None);

    public Task<Attendee?> EnterAsync(string code, string name) => Attendance.EnterAsync(Event(code), name, CancellationToken.None).AsTask();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
