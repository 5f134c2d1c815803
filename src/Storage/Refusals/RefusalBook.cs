using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Refusals;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Refusals;

/// <summary>Counts refusals in memory, and brings them into the database behind everybody's back. Thread-safe.</summary>
internal sealed partial class RefusalBook(SqliteDatabase database, TimeProvider time, ILogger<RefusalBook> logger) : IRefusalCount, IDisposable
{
    /// <summary>How long a refusal may wait for others, so that few transactions carry many.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many counts may wait, and how many attendees: some 15 MB. Both are made of events, codes of ours, minutes and attendees, so that it takes a database
    /// that cannot be written for hours to reach it.
    /// </summary>
    public const int MostPending = 20_000;

    // About 10 ms of the database's time, for which a change of the configuration may have to wait.
    private const int MostPerTransaction = 2_000;

    private readonly PendingRefusals pending = new(MostPending);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SemaphoreSlim work = new(0);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private volatile bool isBehind;

    public void Start() => running = Task.Run(RunAsync);

    public void Add(in RefusalNote note)
    {
        pending.Add(note);
        Wake();
    }

    /// <summary>Completes when every refusal that came before the call is in the database, or could not be written now.</summary>
    public async Task WriteAsync()
    {
        await turn.WaitAsync();
        try
        {
            await WritePendingAsync();
            if (isBehind)
                LogWellAgain();
            isBehind = false;
        }
#pragma warning disable CA1031 // Whatever it is, the loop must go on: what is not written waits, and is written later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!isBehind)
                LogBehind(e);
            isBehind = true;
        }
        finally
        {
            turn.Release();
        }
        if (pending.TakeDropped() is > 0 and var dropped)
            LogDropped(dropped);
    }

    /// <summary>Writes what waits, in one attempt, and stops.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        running.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await work.WaitAsync(stopping.Token);
                await Task.Delay(Pause, time, stopping.Token);
                await WriteAsync();
                if (isBehind)
                    Wake();
            }
        }
        catch (OperationCanceledException)
        {
            await WriteAsync();
        }
    }

    private void Wake()
    {
        if (work.CurrentCount == 0)
            work.Release();
    }

    private async Task WritePendingAsync()
    {
        var (counts, last) = (pending.Counts(), pending.Last());
        for (var from = 0; from < Math.Max(counts.Count, last.Count); from += MostPerTransaction)
            await WriteAsync([.. counts.Skip(from).Take(MostPerTransaction)], [.. last.Skip(from).Take(MostPerTransaction)]);
    }

    // They wait in memory until they are in the database.
    private async Task WriteAsync(PendingCount[] counts, KeyValuePair<long, LastRefusal>[] last)
    {
        await database.WriteAsync(
            async statements =>
            {
                var table = new RefusalTable(statements);
                await table.CountAsync(counts);
                await table.RememberAsync(last);
                return true;
            },
            _ => { },
            CancellationToken.None);
        foreach (var written in counts)
            pending.TakeOff(written);
        foreach (var written in last)
            pending.TakeOff(written);
    }

    [LoggerMessage(LogEvents.RefusalsBehind, LogLevel.Warning, "Counts of refusals wait for the database")]
    private partial void LogBehind(Exception exception);

    [LoggerMessage(LogEvents.RefusalsCaughtUp, LogLevel.Information, "The database has all counts of refusals again")]
    private partial void LogWellAgain();

    [LoggerMessage(LogEvents.RefusalsDropped, LogLevel.Warning, "{Count} refusals were not counted: too many waited for the database")]
    private partial void LogDropped(long count);
}
