using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Counting;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Ledger.Verifying;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>
/// Decides, and writes down what was decided: a batch of errands with one write. For one thread, so that no decision needs a lock.
/// </summary>
/// <remarks>
/// 1. Settlements that could not be written before come first: nothing is decided on what they freed before they are durable.
/// 2. Each errand changes the accounts in memory and puts its record into the batch.
/// 3. The batch is written. Where that fails, reservations are taken back; settlements stay, for what is used is used.
/// 4. Only now those who wait are told.
/// </remarks>
internal sealed partial class Bookkeeper(Accounts accounts, Journal journal, Folder folder, TimeProvider time, ILogger logger)
{
    /// <summary>How long a settlement waits to be written before whoever waits for it is told that it is not.</summary>
    public static readonly TimeSpan MostToWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<long, OpenReservation> open = [];
    private readonly Dictionary<long, (Reservation Reservation, Settlement Charged)> unsettled = [];
    private readonly List<UnwrittenSettlement> unwritten = [];
    private readonly List<(ReserveErrand Errand, OpenReservation Reservation, ImmutableArray<Balance> Balances)> granted = [];
    private readonly RecordWriter records = new();
    private long sequence;
    // Why the last write failed, and when, by the clock that nobody sets; null where it did not.
    private StorageUnavailableException? unwritable;
    private long failed;

    /// <summary>For whoever looks at them between two errands.</summary>
    public Accounts Accounts => accounts;

    /// <summary>Whether settlements wait for another attempt.</summary>
    public bool IsBehind => unwritten.Count > 0;

    /// <summary>
    /// Why nothing can be begun; null where it can. What the journal said is believed for <see cref="MostToWait"/>: only another attempt can tell whether it is still so,
    /// and where nobody sends requests any more there is none.
    /// </summary>
    public StorageUnavailableException? Trouble => folder.Trouble ?? (time.GetElapsedTime(failed) < MostToWait ? unwritable : null);

    /// <param name="last">The last sequence that was ever given.</param>
    /// <param name="charged">What the start has charged whole: a late settlement may take the place of that.</param>
    public void Begin(long last, IEnumerable<(Reservation Reservation, Settlement Charged)> charged)
    {
        sequence = last;
        foreach (var charge in charged)
            unsettled.Add(charge.Reservation.Id, charge);
    }

    public void Run(List<IErrand> errands)
    {
        var before = sequence;
        records.Clear();
        granted.Clear();
        accounts.ForgetEnded(time.GetUtcNow());
        // 1.
        foreach (var settlement in unwritten)
            Record(settlement);
        // 2.
        foreach (var errand in errands)
            RunOne(errand);
        if (records.Written.IsEmpty)
            return;
        try
        {
            // 3.
            journal.Prepare(before + 1);
            journal.Append(records.Written, sequence);
        }
#pragma warning disable CA1031 // Not all are of I/O: .NET takes a file that may not grow any more (EFBIG) for a wrong argument. Nobody may wait for ever for a loop that has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            sequence = before;
            TakeBack(e);
            return;
        }
        NoteWritten();
        // 4.
        TellSettled();
        TellGranted();
    }

    /// <summary>After the last batch: whoever waits for what could not be written waits no longer. The next start charges it whole.</summary>
    public void End() => TellUnwritten(TimeSpan.Zero, Unavailable(new IOException("The server stopped before the journal could be written.")));

    public void Reserve(ReserveErrand errand)
    {
        if (errand.Cancellation.IsCancellationRequested)
        {
            errand.Fail(new OperationCanceledException(errand.Cancellation));
            return;
        }
        if (folder.Trouble is { } trouble)
        {
            errand.Fail(new StorageUnavailableException(trouble.Message, trouble));
            return;
        }
        var (reservation, shortfall, balances) = accounts.Reserve(errand.Demand, sequence + 1);
        if (reservation is null)
        {
            errand.Complete(new ReserveResult(null, shortfall, balances));
            return;
        }
        sequence++;
        records.Reserved(reservation.Reservation);
        granted.Add((errand, reservation, balances));
    }

    public void Settle(SettleErrand errand)
    {
        var id = errand.Reservation.Id;
        if (open.Remove(id, out var reservation))
            Settle(errand, reservation);
        else if (unwritten.Find(u => u.Id == id) is { } same)
            same.Join(errand);
        else if (unsettled.Remove(id, out var late))
            Correct(errand, late.Reservation, late.Charged);
        else
            errand.Complete(true);
    }

    /// <summary>Deletes the files that nothing needs any more.</summary>
    /// <param name="folded">Up to which sequence settlements are in the database.</param>
    public void Trim(long folded) => journal.Trim(folded);

    /// <summary>What stands in the books between two errands.</summary>
    public LiveBooks Show() => LiveBooks.Of(
        accounts, journal.Current.LastSequence, [.. open.Values, .. granted.Select(g => g.Reservation)], [.. unwritten], unsettled.Values.ToDictionary(c => c.Reservation.Id, c => c.Charged));

    private void RunOne(IErrand errand)
    {
        try
        {
            errand.Run(this);
        }
#pragma warning disable CA1031 // Whatever one errand runs into, the others must be served.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogMistake(e);
            errand.Fail(e);
        }
    }

    private void Settle(SettleErrand errand, OpenReservation reservation)
    {
        var settlement = errand.Settlement.Charged();
        reservation.Leave();
        reservation.Charge(Amounts.Of(settlement));
        Keep(errand, new UnwrittenSettlement(reservation.Reservation.Id, reservation.Reservation, settlement, reservation.Segment, time.GetTimestamp()));
    }

    private void Correct(SettleErrand errand, Reservation reservation, Settlement charged)
    {
        var settlement = errand.Settlement.Charged();
        accounts.Replace(reservation.Demand, Amounts.Of(charged), Amounts.Of(settlement));
        Keep(errand, new UnwrittenSettlement(reservation.Id, null, settlement, null, time.GetTimestamp()));
    }

    private void Keep(SettleErrand errand, UnwrittenSettlement settlement)
    {
        settlement.Join(errand);
        unwritten.Add(settlement);
        Record(settlement);
    }

    private void Record(UnwrittenSettlement settlement)
    {
        settlement.Sequence = ++sequence;
        records.Settled(settlement.Kind, sequence, settlement.Id, settlement.Settlement);
    }

    private void TellSettled()
    {
        if (unwritten.Count == 0)
            return;
        foreach (var settlement in unwritten)
            settlement.Segment?.Settled(settlement.Sequence);
        // First into the queue of the database, so that whoever reads after their answer finds it there.
        folder.Add(unwritten);
        foreach (var settlement in unwritten)
            settlement.Complete();
        unwritten.Clear();
    }

    private void TellGranted()
    {
        foreach (var (errand, reservation, balances) in granted)
        {
            reservation.Segment = journal.Current;
            journal.Current.OpenReservations++;
            open.Add(reservation.Reservation.Id, reservation);
            errand.Complete(new ReserveResult(reservation.Reservation, null, balances));
        }
    }

    private void TakeBack(Exception exception)
    {
        var trouble = Unavailable(exception);
        foreach (var (errand, reservation, _) in granted)
        {
            reservation.Leave();
            errand.Fail(trouble);
        }
        NoteTrouble(exception, trouble);
        TellUnwritten(MostToWait, trouble);
    }

    private void TellUnwritten(TimeSpan waited, StorageUnavailableException trouble)
    {
        foreach (var settlement in unwritten.Where(s => time.GetElapsedTime(s.Since) >= waited))
            settlement.Fail(trouble);
    }

    private static StorageUnavailableException Unavailable(Exception exception) =>
        new("The journal cannot be written: see that its disk has room and that this user may write to it.", exception);

    private void NoteTrouble(Exception exception, StorageUnavailableException trouble)
    {
        if (unwritable is null)
            LogNotWritten(exception);
        (unwritable, failed) = (trouble, time.GetTimestamp());
    }

    private void NoteWritten()
    {
        if (unwritable is not null)
            LogWrittenAgain();
        unwritable = null;
    }

    [LoggerMessage(LogEvents.JournalNotWritten, LogLevel.Error, "The ledger's journal cannot be written; new requests are refused until it can")]
    private partial void LogNotWritten(Exception exception);

    [LoggerMessage(LogEvents.JournalWrittenAgain, LogLevel.Information, "The ledger's journal is written again")]
    private partial void LogWrittenAgain();

    [LoggerMessage(LogEvents.LedgerMistake, LogLevel.Error, "The ledger could not do what it was asked to")]
    private partial void LogMistake(Exception exception);
}
