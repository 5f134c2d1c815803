using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Ledger.Verifying;

/// <summary>The auditor: recomputes every total, and with them every account, from the entries.</summary>
internal static class LedgerCheck
{
    // What differs is listed; more than this nobody reads.
    public const int MostDifferences = 100;

    // Totals of hours whose entries have been purged are all there is: they cannot be compared.
    private const string Differences = """
        SELECT event AS Event, attendee AS Attendee, model AS Model, operation AS Operation, hour AS Hour
        FROM (
            SELECT event, attendee, model, operation, hour, requests, input, cached_input, output, reasoning, cost, estimated, unsettled FROM total
            UNION ALL
            SELECT event, attendee, model, operation, hour, -(outcome <> 1), -input, -cached_input, -output, -reasoning, -cost,
                   -(exactness = 1 AND outcome <> 1), -(exactness = 2 AND outcome <> 1)
            FROM entry) AS sums
        WHERE hour >= COALESCE((SELECT before FROM purge WHERE purge.event = sums.event), hour)
        GROUP BY event, attendee, model, operation, hour
        HAVING SUM(requests) <> 0 OR SUM(input) <> 0 OR SUM(cached_input) <> 0 OR SUM(output) <> 0 OR SUM(reasoning) <> 0 OR SUM(cost) <> 0
            OR SUM(estimated) <> 0 OR SUM(unsettled) <> 0
        LIMIT @MostDifferences
        """;

    /// <summary>
    /// Reads the journal as it is now. Before the database: a file that is folded and deleted meanwhile is no loss then.
    /// </summary>
    public static JournalScan ReadJournal(string directory)
    {
        var first = JournalScan.Read(directory);
        return first.Damages.Count == 0 ? first : Lasting(first, JournalScan.Read(directory));
    }

    /// <summary>The second, without what only looks damaged because a running server is in the middle of a write: what is damaged stays so.</summary>
    public static JournalScan Lasting(JournalScan first, JournalScan second)
    {
        var known = first.Damages;
        return new JournalScan([.. second.Segments.Select(s => s with { Damages = [.. s.Damages.Where(d => known.Any(d.IsSameAs))] })]);
    }

    /// <param name="journal">As it was before the database was first looked at.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(Statements statements, JournalScan journal)
    {
        var problems = new List<string>();
        foreach (var total in await statements.QueryAsync<TotalKey>(Differences, new { MostDifferences }))
            problems.Add(
                $"The total of attendee {total.Attendee} on {total.Model} in event '{total.Event}' in the hour of "
                + $"{Moments.Text(DateTimeOffset.FromUnixTimeSeconds(total.Hour))} is not the sum of its entries.");
        problems.AddRange(Journal(journal, await Mark.ReadAsync(statements)));
        return problems;
    }

    private static IEnumerable<string> Journal(JournalScan scan, Mark mark)
    {
        foreach (var damage in scan.Damages)
            yield return $"{damage}: the next start leaves them out and keeps them aside.";
        foreach (var (first, last) in scan.Missing(mark.Folded))
            yield return $"The records {first} to {last} of the journal are missing.";
        foreach (var foreign in scan.Segments.Where(s => s.Header is { } header && header.Server != mark.Server))
            yield return $"The journal '{foreign.File.Path}' belongs to another database.";
    }
}
