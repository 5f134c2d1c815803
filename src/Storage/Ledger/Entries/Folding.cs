using System.Runtime.InteropServices;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What is done in one transaction to bring settlements from the journal into the database. For one at a time.</summary>
internal sealed class Folding
{
    // Kept from one transaction to the next: made anew for thousands of attendees, several times a second, it would be as much garbage as all else here.
    private readonly Dictionary<TotalKey, Total> totals = [];

    /// <summary>
    /// 1. Entries, 2. settlements that come in the place of an earlier charge, 3. what both add to the totals, 4. the mark how far
    /// the journal is folded. All or nothing, so that after any death the mark says exactly what is there already.
    /// </summary>
    /// <param name="entries">In the order of the journal.</param>
    public async Task WriteAsync(Statements statements, ReadOnlyMemory<Entry> entries)
    {
        totals.Clear();
        // 1.
        Insert(statements, entries.Span);
        // 2.
        for (var i = 0; i < entries.Length; i++)
            if (entries.Span[i] is { Reserved: null } correction)
                await CorrectAsync(statements, correction);
        // 3.
        Upsert(statements);
        // 4.
        await Mark.MoveAsync(statements, entries.Span[^1].Sequence);
    }

    private void Insert(Statements statements, ReadOnlySpan<Entry> entries)
    {
        using var insert = statements.Prepare(EntryRow.Insert);
        foreach (ref readonly var entry in entries)
        {
            if (entry.Reserved is not { } reserved)
                continue;
            TotalOf(TotalKey.Of(reserved)).Add(entry.Settlement, 1);
            EntryRow.Bind(insert, entry.Id, reserved, entry.Settlement);
            insert.Run();
        }
    }

    private void Upsert(Statements statements)
    {
        using var upsert = statements.Prepare(Total.Upsert);
        foreach (var (key, total) in totals)
        {
            total.Bind(upsert, key);
            upsert.Run();
        }
    }

    // Once: afterwards it is not unsettled any more. An entry that has been purged stays as it was charged.
    private async Task CorrectAsync(Statements statements, Entry entry)
    {
        var row = await statements.FindAsync<EntryRow>(
            $"SELECT {EntryRow.Columns} FROM entry WHERE id = @Id AND exactness = @unsettled", new { entry.Id, unsettled = (int)Exactness.Unsettled });
        if (row is null)
            return;
        var settlement = entry.Settlement;
        await statements.ExecuteAsync(
            """
            UPDATE entry SET input = @Input, cached_input = @CachedInput, output = @Output, reasoning = @Reasoning, cost = @Cost,
                             exactness = @exactness, outcome = @outcome, settled_at = @settledAt
            WHERE id = @Id
            """,
            new
            {
                entry.Id,
                settlement.Usage.Input,
                settlement.Usage.CachedInput,
                settlement.Usage.Output,
                settlement.Usage.Reasoning,
                settlement.Cost,
                exactness = (int)settlement.Exactness,
                outcome = (int)settlement.Outcome,
                settledAt = settlement.At.ToUnixTimeMilliseconds(),
            });
        ref var total = ref TotalOf(TotalKey.Of(row));
        total.Add(row.Settlement(), -1);
        total.Add(settlement, 1);
    }

    private ref Total TotalOf(TotalKey key) => ref CollectionsMarshal.GetValueRefOrAddDefault(totals, key, out _);
}
