using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>
/// Brings settlements into the database, many in one transaction, behind everybody's back. Thread-safe.
/// </summary>
/// <param name="folded">Called after each transaction with the last sequence in it.</param>
internal sealed partial class Folder(SqliteDatabase database, TimeProvider time, ILogger logger, Action<long> folded) : IDisposable
{
    /// <summary>How long a settlement may wait for others, so that few transactions carry many.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // After the first failure and at the most: short enough that a database which is there again is used again at once.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(4);

    // About 0.15 s of the database's time, for which a change of the configuration may have to wait. Where many attendees call, the more of
    // their entries there are in a transaction, the fewer totals it has to change for each.
    private const int MostPerTransaction = 20_000;

    private readonly PendingEntries pending = new();
    private readonly Folding folding = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SemaphoreSlim work = new(0);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private volatile StorageUnavailableException? trouble;

    /// <summary>Why the last attempt failed; null where it did not. As long as there is one, nothing new should be begun.</summary>
    public StorageUnavailableException? Trouble => trouble;

    public void Start() => running = Task.Run(RunAsync);

    /// <inheritdoc cref="PendingEntries.Add"/>
    public void Add(List<UnwrittenSettlement> settled)
    {
        pending.Add(settled);
        if (work.CurrentCount == 0)
            work.Release();
    }

    /// <summary>Completes when everything that was settled before the call is in the database.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be written.</exception>
    public async Task FoldAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            // No more than there are now: under load there are always others, and who waits here would wait for them too.
            for (var left = pending.Count; left > 0;)
            {
                var batch = pending.First(Math.Min(left, MostPerTransaction));
                await FoldAsync(batch);
                left -= batch.Length;
            }
            NoteFolded();
        }
#pragma warning disable CA1031 // A mistake of ours is like a full disk: the journal keeps what is not folded, and nothing new may be begun.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw Noted(e);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops; what is not folded yet is so at the next start.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        running.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task RunAsync()
    {
        var retry = FirstRetry;
        try
        {
            while (true)
            {
                await work.WaitAsync(stopping.Token);
                await Task.Delay(Pause, time, stopping.Token);
                while (!await TryFoldAsync())
                {
                    await Task.Delay(retry, time, stopping.Token);
                    retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
                }
                retry = FirstRetry;
            }
        }
        catch (OperationCanceledException)
        {
            // One attempt, so that an orderly end leaves little to the next start.
            await TryFoldAsync();
        }
    }

    private async Task<bool> TryFoldAsync()
    {
        try
        {
            await FoldAsync(CancellationToken.None);
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    // Here, and not where it is tried again: a report may be the first to find out.
    private StorageUnavailableException Noted(Exception exception)
    {
        if (trouble is null)
            LogBehind(exception, pending.Count);
        return trouble = exception as StorageUnavailableException ?? new StorageUnavailableException("What is used could not be written into the database.", exception);
    }

    private void NoteFolded()
    {
        if (trouble is not null)
            LogWellAgain();
        trouble = null;
    }

    // They stay where they are until they are in the database.
    private async Task FoldAsync(ReadOnlyMemory<Entry> batch)
    {
        await database.WriteAsync(
            async statements =>
            {
                await folding.WriteAsync(statements, batch);
                return true;
            },
            _ => { },
            CancellationToken.None);
        var last = batch.Span[^1].Sequence;
        pending.Remove(batch.Length);
        folded(last);
    }

    [LoggerMessage(LogEvents.LedgerBehind, LogLevel.Error, "{Count} settlements wait for the database; new requests are refused until it has them")]
    private partial void LogBehind(Exception exception, int count);

    [LoggerMessage(LogEvents.LedgerCaughtUp, LogLevel.Information, "The database has all settlements again")]
    private partial void LogWellAgain();
}
