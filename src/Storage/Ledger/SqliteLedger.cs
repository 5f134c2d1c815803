using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Counting;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>
/// The ledger of the one process that owns the data directory: accounts in memory, a journal on the disk, and the database behind it.
/// </summary>
/// <remarks>
/// Requests put errands into a queue; one <see cref="Bookkeeper"/> takes all that have come, decides, writes them down at once, and
/// answers. It has no thread of its own: whoever finds it idle runs it, for themselves and for all who come meanwhile. So a request
/// waits for no other thread where nobody is before it, and where many come at once, one write serves them. The <see cref="Folder"/> brings what is settled into the database later. <see cref="Recovery"/> does so at a start with
/// what the last process has left. Thread-safe.
/// </remarks>
internal sealed class SqliteLedger(StorageOptions options, SqliteDatabase database, TimeProvider time, ILogger<SqliteLedger> logger) : ILedger, IDisposable
{
    // Bounds how long the first of a batch waits for the last: about a millisecond.
    private const int MostPerBatch = 1_024;

    // Names of events and models have at most 128 characters; a longer one would not fit into a record.
    private const int LongestName = 256;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    // So many batches somebody runs for others before the pool goes on with it: their own request waits meanwhile.
    private const int MostBatchesForOthers = 4;

    private readonly ConcurrentQueue<IErrand> errands = new();
    private readonly List<IErrand> batch = new(MostPerBatch);
    private ITimer? retry;
    private int isRunning;
    private bool isClosed;
    private Bookkeeper? bookkeeper;
    private Journal? journal;
    private Folder? folder;

    public ValueTask<ReserveResult> ReserveAsync(Demand demand, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(demand.Event.Length, LongestName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(demand.Model.Length, LongestName);
        var errand = new ReserveErrand(demand, cancellation);
        Send(errand);
        return errand.Result;
    }

    public ValueTask SettleAsync(Reservation reservation, Settlement settlement)
    {
        var errand = new SettleErrand(reservation, settlement);
        Send(errand);
        return errand.Done;
    }

    public async ValueTask<IReadOnlyList<Balance>> BalancesAsync(IReadOnlyList<Hold> holds)
    {
        IReadOnlyList<Balance> balances = [];
        await LookAsync(bookkeeper => balances = bookkeeper.Accounts.Show(holds));
        return balances;
    }

    /// <summary>Why requests are refused at this moment; null where they are not.</summary>
    public async Task<StorageUnavailableException?> TroubleAsync()
    {
        StorageUnavailableException? trouble = null;
        await LookAsync(bookkeeper => trouble = bookkeeper.Trouble);
        return trouble;
    }

    /// <summary>Completes when everything that was settled before the call is in the database.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be written.</exception>
    public Task FoldAsync(CancellationToken cancellation) =>
        folder is { } started ? started.FoldAsync(cancellation) : throw new InvalidOperationException("The ledger has not been started.");

    /// <summary>Brings what the last process has left into the database, and opens the accounts.</summary>
    /// <exception cref="StorageException">The journal cannot be read or written, or belongs to another database or version.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await OpenAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The ledger's journal in '{options.DataDirectory}' cannot be used ({e.Message.TrimEnd('.')}): make room, and let this user write there.", e);
        }
    }

    /// <summary>Runs something between two requests, which wait for it.</summary>
    internal async Task LookAsync(Action<Bookkeeper> look)
    {
        var errand = new OtherErrand(look);
        Send(errand);
        await errand.Done;
    }

    /// <summary>Writes down what has been asked for so far, and ends. Open reservations are charged at the next start.</summary>
    public void Dispose()
    {
        // Whoever comes after this fails; whoever came before it finds us in the way, or is found here.
        if (Interlocked.Exchange(ref isClosed, true))
            return;
        if (bookkeeper is { } started && SpinWait.SpinUntil(TryEnter, Bookkeeper.MostToWait))
        {
            while (!errands.IsEmpty)
                RunBatch(started);
            started.End();
        }
        retry?.Dispose();
        folder?.Dispose();
        journal?.Dispose();
        journal = null;
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        var recovered = await new Recovery(options.DataDirectory, database, time, logger).RunAsync(cancellation);
        var accounts = await AccountLoader.LoadAsync(database, time.GetUtcNow(), cancellation);
        journal = new Journal(options.DataDirectory, recovered.Server, options.Ledger.SegmentSize, options.Ledger.SurvivesPowerLoss);
        journal.Begin(recovered.NextSegment, recovered.LastSequence + 1);
        recovered.DeleteFolded();
        folder = new Folder(database, time, logger, folded => Send(new OtherErrand(b => b.Trim(folded))));
        bookkeeper = new Bookkeeper(accounts, journal, folder, time, logger);
        bookkeeper.Begin(recovered.LastSequence, recovered.Unsettled);
        folder.Start();
        retry = time.CreateTimer(_ => Send(new OtherErrand(_ => { })), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Send(IErrand errand)
    {
        errands.Enqueue(errand);
        if (Volatile.Read(ref isClosed))
            FailAll();
        // Who waits for a disk to be sure of it must not keep a thread that others need.
        else if (options.Ledger.SurvivesPowerLoss)
            ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.Run(), this, preferLocal: false);
        else
            Run();
    }

    private void FailAll()
    {
        while (errands.TryDequeue(out var late))
            late.Fail(new StorageUnavailableException("The server is stopping.", new ObjectDisposedException(nameof(SqliteLedger))));
    }

    private void Run()
    {
        var batches = 0;
        // Looked at again after each turn: an errand that came while somebody was inside has been left to them.
        while (!errands.IsEmpty && TryEnter())
        {
            try
            {
                while (batches++ < MostBatchesForOthers && !errands.IsEmpty)
                    RunBatch(bookkeeper!);
            }
            finally
            {
                // A full fence: were the queue looked at before this is seen, an errand that came in between would wait for the next one.
                Interlocked.Exchange(ref isRunning, 0);
            }
            if (batches > MostBatchesForOthers)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.Run(), this, preferLocal: false);
                return;
            }
        }
    }

    private bool TryEnter() => Interlocked.CompareExchange(ref isRunning, 1, 0) == 0;

    private void RunBatch(Bookkeeper bookkeeper)
    {
        batch.Clear();
        while (batch.Count < MostPerBatch && errands.TryDequeue(out var errand))
            batch.Add(errand);
        bookkeeper.Run(batch);
        // Any errand is an attempt; where none comes, an empty one does.
        if (bookkeeper.IsBehind)
            retry!.Change(Retry, Timeout.InfiniteTimeSpan);
    }
}
