using OpenAIProxy.Server.Logs;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Server.Health;

/// <summary>
/// Whether storage is ready, however many ask: the answer takes the database's one write turn and, in trouble, a line of the log, and anybody may
/// ask. Thread-safe.
/// </summary>
internal sealed partial class StorageCheck(StorageReadiness storage, TimeProvider time, ILogger<StorageCheck> logger)
{
    // Load balancers ask every few seconds; what is a second old is as good to them.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    // A check that waits for locks as long as it may is back before; what takes longer hangs, as on a disk that does not answer.
    private static readonly TimeSpan MostToWait = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Task<bool>? last;
    private long begun;
    private Task<bool>? hanging;
    private long answered;

    /// <summary>Who asks while a check is on its way gets its answer, and so does who asks within a second of that. A check that hangs says no until it is back.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        var (check, left) = Check();
        if (check.IsCompleted)
            return await check;
        try
        {
            return left > TimeSpan.Zero ? await check.WaitAsync(left, time, cancellation) : throw new TimeoutException();
        }
        catch (TimeoutException)
        {
            if (Interlocked.Exchange(ref hanging, check) != check)
                _ = TellAsync(check);
            return false;
        }
    }

    private async Task TellAsync(Task check)
    {
        LogHangs(MostToWait.TotalSeconds);
        await check;
        LogBack();
    }

    private (Task<bool> Check, TimeSpan Left) Check()
    {
        lock (gate)
        {
            if (last is null || (last.IsCompleted && time.GetElapsedTime(Volatile.Read(ref answered)) >= Kept))
            {
                begun = time.GetTimestamp();
                // Not here: the database is waited for without letting the thread go.
                last = Task.Run(CheckAsync, CancellationToken.None);
            }
            return (last, MostToWait - time.GetElapsedTime(begun));
        }
    }

    // For all who wait: nobody who goes away ends it.
    private async Task<bool> CheckAsync()
    {
        try
        {
            return await storage.IsReadyAsync(CancellationToken.None);
        }
        finally
        {
            Volatile.Write(ref answered, time.GetTimestamp());
        }
    }

    [LoggerMessage(LogEvents.StorageHangs, LogLevel.Warning, "Storage is not ready: it has not said for {Seconds} seconds whether it can be written: look after the disk")]
    private partial void LogHangs(double seconds);

    [LoggerMessage(LogEvents.StorageBack, LogLevel.Information, "Storage says again whether it can be written")]
    private partial void LogBack();
}
