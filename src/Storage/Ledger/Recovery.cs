using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Ledger.Counting;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>Brings everything that an earlier process has left in the journal into the database, before anything is served.</summary>
/// <remarks>
/// 1. Read all files. 2. What is damaged is put aside for the operator and told. 3. What was settled after the mark in the
/// database becomes entries; what was not is charged whole, as unsettled. It may die at any point and begin again: the mark and the
/// entries are written together, and the files are deleted last.
/// </remarks>
internal sealed partial class Recovery(string directory, SqliteDatabase database, TimeProvider time, ILogger logger)
{
    private const int MostPerTransaction = 5_000;

    private readonly Folding folding = new();

    /// <exception cref="StorageException">The journal belongs to another database or version.</exception>
    public async Task<Recovered> RunAsync(CancellationToken cancellation)
    {
        // 1.
        var (server, folded) = await database.ReadAsync(Mark.ReadAsync, cancellation);
        var scan = JournalScan.Read(directory);
        scan.RefuseForeign(server);
        // 2.
        foreach (var damage in scan.Damages)
            PutAside(damage);
        foreach (var (from, to) in scan.Missing(folded))
            LogMissing(from, to);
        // 3.
        var (settled, open) = Sort(scan, folded);
        foreach (var batch in settled.Where(e => e.Sequence > folded).Chunk(MostPerTransaction))
            await FoldAsync(batch, cancellation);
        var last = Math.Max(Math.Max(scan.LastSequence, folded), await database.ReadAsync(LastEntryAsync, cancellation));
        var unsettled = await ChargeAsync(open, last, cancellation);
        if (unsettled.Count > 0)
            LogUnsettled(unsettled.Count);
        return new Recovered(server, last, scan, unsettled);
    }

    private (List<Entry> Settled, Dictionary<long, Reservation> Open) Sort(JournalScan scan, long folded)
    {
        var (settled, open) = (new List<Entry>(), new Dictionary<long, Reservation>());
        foreach (var record in scan.Records)
        {
            if (record.Reservation is { } reservation)
                open.TryAdd(reservation.Id, reservation);
            else if (record.Kind == RecordKind.Corrected)
                settled.Add(new Entry(record.Sequence, record.ReservationId, null, record.Settlement!.Value));
            else if (open.Remove(record.ReservationId, out var settledReservation))
                settled.Add(Entry.Of(record.Sequence, settledReservation, record.Settlement!.Value));
            else if (record.Sequence > folded)
                LogUnknown(record.ReservationId);
        }
        return (settled, open);
    }

    /// <summary>In one transaction with the mark: afterwards nothing in the files is needed any more.</summary>
    private async Task<List<(Reservation, Settlement)>> ChargeAsync(Dictionary<long, Reservation> open, long last, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await database.WriteAsync(
            async statements =>
            {
                var charged = new List<(Reservation, Settlement)>();
                foreach (var reservation in open.Values)
                    // There is an entry, or was one, where an earlier start has charged it, where a backup's database is newer than its journal, and where the
                    // file with its settlement has gone before the one with the reservation.
                    if (await statements.FindAsync<long?>("SELECT id FROM entry WHERE id = @Id UNION ALL SELECT id FROM purged_entry WHERE id = @Id", new { reservation.Id }) is null)
                        charged.Add((reservation, reservation.Unsettled(now)));
                if (charged.Count > 0)
                    await folding.WriteAsync(statements, charged.Select(c => Entry.Of(0, c.Item1, c.Item2)).ToArray());
                await Mark.MoveAsync(statements, last);
                return charged;
            },
            _ => { },
            cancellation);
    }

    private static Task<long> LastEntryAsync(Statements statements) => statements.FindAsync<long>("SELECT COALESCE(MAX(id), 0) FROM entry");

    private Task<bool> FoldAsync(Entry[] batch, CancellationToken cancellation) => database.WriteAsync(
        async statements =>
        {
            await folding.WriteAsync(statements, batch);
            return true;
        },
        _ => { },
        cancellation);

    // Appended to what an earlier look at the same file may have put there: nothing is written over.
    private void PutAside(Damage damage)
    {
        LogDamaged(damage.Bytes.Length, damage.Offset, damage.File.Path, damage.File.DamagedPath);
        using var stream = DataDirectory.OpenForOwner(damage.File.DamagedPath, FileShare.Read);
        stream.Seek(0, SeekOrigin.End);
        stream.Write(damage.Bytes);
        stream.Flush(flushToDisk: true);
    }

    [LoggerMessage(LogEvents.JournalDamaged, LogLevel.Error,
        "{Length} bytes at {Offset} of the journal {Path} are no whole record and are left out; they are kept in {Aside}")]
    private partial void LogDamaged(int length, long offset, string path, string aside);

    [LoggerMessage(LogEvents.JournalMissing, LogLevel.Error, "The records {First} to {Last} of the journal are missing")]
    private partial void LogMissing(long first, long last);

    [LoggerMessage(LogEvents.ReservationsUnsettled, LogLevel.Warning,
        "{Count} requests were on their way when the server died; what was set aside for them is charged and marked as unsettled")]
    private partial void LogUnsettled(int count);

    [LoggerMessage(LogEvents.SettlementUnknown, LogLevel.Error, "The settlement of reservation {Id} is left out: the reservation's record is damaged or missing")]
    private partial void LogUnknown(long id);
}
