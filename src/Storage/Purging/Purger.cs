using Microsoft.Extensions.Logging;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Purging;

/// <summary>Deletes what is older than its event wants it kept: at the start, and then every hour, behind everybody's back.</summary>
internal sealed partial class Purger(StorageOptions options, SqliteDatabase database, TimeProvider time, ILogger<Purger> logger) : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // About 10 ms of the database's time, for which all else that is written may have to wait.
    private const int MostPerTransaction = 1_000;

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Start()
    {
        var hourly = new PeriodicTimer(Interval, time);
        running = Task.Run(() => RunAsync(hourly));
    }

    /// <summary>Deletes all that may go by now.</summary>
    /// <exception cref="Domain.StorageUnavailableException">The database cannot be read or written; what is left goes the next time.</exception>
    public async Task PurgeAsync(CancellationToken cancellation)
    {
        var (now, journalFrom) = (time.GetUtcNow(), SegmentFile.FirstSequenceIn(options.DataDirectory));
        foreach (var entries in await database.ReadAsync(s => OldEntries.FindAsync(s, now, journalFrom), cancellation))
        {
            var count = await database.ReadAsync(entries.CountAsync, cancellation);
            if (count == 0)
                continue;
            await database.WriteAsync(s => BeginAsync(s, entries, count), _ => { }, cancellation);
            await DeleteAsync(entries, cancellation);
            LogPurged(count, entries.Event, entries.Before);
        }
        await DeleteAsync(new PurgedEntries(journalFrom), cancellation);
        await DeleteAsync(OldRefusals.Counts(now), cancellation);
        await DeleteAsync(OldRefusals.Last(now), cancellation);
    }

    /// <summary>Stops after the transaction that it is in; the rest goes the next time.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        running.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task RunAsync(PeriodicTimer hourly)
    {
        using var _ = hourly;
        try
        {
            do
                await TryPurgeAsync();
            while (await hourly.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TryPurgeAsync()
    {
        try
        {
            await PurgeAsync(stopping.Token);
        }
#pragma warning disable CA1031 // Whatever it is, there is a next time.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // While the server stops, too: what waits to be disposed after this must not be skipped for it.
            if (!stopping.IsCancellationRequested)
                LogNotPurged(e);
        }
    }

    // In one transaction with the first that go: none goes without a trace.
    private async Task<int> BeginAsync(Statements statements, OldEntries entries, long count)
    {
        await new AuditTrail(statements, Actor.Server, time).RecordAsync(entries.ToAudit(count));
        return await entries.DeleteAsync(statements, MostPerTransaction);
    }

    // One transaction for a part of it, so that others get their turn between two. Looking first, so that where nothing is old nothing is written.
    private async Task DeleteAsync(OldRows old, CancellationToken cancellation)
    {
        while (await database.ReadAsync(old.AreThereAsync, cancellation))
            await database.WriteAsync(s => old.DeleteAsync(s, MostPerTransaction), _ => { }, cancellation);
    }

    [LoggerMessage(LogEvents.Purged, LogLevel.Information, "{Count} entries of the event {Event} were purged: those of before {Before}")]
    private partial void LogPurged(long count, string Event, DateTimeOffset before);

    [LoggerMessage(LogEvents.NotPurged, LogLevel.Warning, "What is older than it is to be kept could not be deleted; the next attempt is in an hour")]
    private partial void LogNotPurged(Exception exception);
}
