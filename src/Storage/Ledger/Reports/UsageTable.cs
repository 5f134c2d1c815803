using System.Globalization;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Ledger.Reports;

/// <summary>What was used, from the totals: no report reads all entries, and purged ones are in it.</summary>
public sealed class UsageTable
{
    private readonly Statements statements;

    internal UsageTable(Statements statements) => this.statements = statements;

    /// <summary>Nothing where the viewer does not see the event. Hours and days come in their order, all else dearest first.</summary>
    public async Task<UsageView> SumAsync(UsageQuery query, Viewer viewer)
    {
        var rows = await statements.QueryAsync<UsageRow>(
            $"""
            {UsageRow.Select} FROM total
            WHERE (@code IS NULL OR event = @code) AND {Viewer.Sees("event")} AND (@Attendee IS NULL OR attendee = @Attendee)
              AND (@from IS NULL OR hour >= @from) AND (@until IS NULL OR hour < @until)
            GROUP BY {Columns(query.GroupBy)}
            """,
            new
            {
                code = query.Event?.Value,
                viewer = viewer.OrganiserName,
                query.Attendee,
                from = Second(query.From),
                until = Second(query.Until),
            });
        var total = rows.Aggregate(UsageSum.None, (sum, row) => sum + row.Sum());
        return new UsageView(total, query.GroupBy is { } by ? await GroupsAsync(rows, by, query.Event?.Value) : []);
    }

    private async Task<List<UsageGroup>> GroupsAsync(IReadOnlyList<UsageRow> rows, UsageGrouping by, string? code) => by switch
    {
        UsageGrouping.Event => DearestFirst(rows, r => r.Event),
        UsageGrouping.Attendee => await NamedAsync(DearestFirst(rows, r => r.Attendee.ToString(CultureInfo.InvariantCulture)), code),
        UsageGrouping.Model => DearestFirst(rows, r => r.Model),
        UsageGrouping.Operation => DearestFirst(rows, r => AuditTrail.Word((Operation)checked((int)r.Operation))),
        UsageGrouping.Hour => InOrder(rows, r => DateTimeOffset.FromUnixTimeSeconds(r.Hour).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        UsageGrouping.Day => InOrder(rows, await DayAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    // Constants only. A day has as many hours as the clocks of its event make it, so it is put together of them.
    private static string Columns(UsageGrouping? by) => by switch
    {
        UsageGrouping.Attendee => "attendee",
        UsageGrouping.Model => "model",
        UsageGrouping.Operation => "operation",
        UsageGrouping.Hour => "hour",
        UsageGrouping.Day => "event, hour",
        _ => "event",
    };

    // An hour that is begun counts from its first second.
    private static long? Second(DateTimeOffset? at) => at is { } moment ? (moment.ToUnixTimeMilliseconds() + 999) / 1_000 : null;

    private static List<UsageGroup> DearestFirst(IReadOnlyList<UsageRow> rows, Func<UsageRow, string> key) =>
        [.. Grouped(rows, key).OrderByDescending(g => g.Sum.Cost).ThenByDescending(g => g.Sum.Input + g.Sum.Output).ThenBy(g => g.Key, StringComparer.Ordinal)];

    private static List<UsageGroup> InOrder(IReadOnlyList<UsageRow> rows, Func<UsageRow, string> key) =>
        [.. Grouped(rows, key).OrderBy(g => g.Key, StringComparer.Ordinal)];

    private static IEnumerable<UsageGroup> Grouped(IReadOnlyList<UsageRow> rows, Func<UsageRow, string> key) =>
        rows.GroupBy(key).Select(g => new UsageGroup(g.Key, null, g.Aggregate(UsageSum.None, (sum, row) => sum + row.Sum())));

    private async Task<List<UsageGroup>> NamedAsync(List<UsageGroup> groups, string? code)
    {
        // Said only where there is an event to say: a condition that may be none takes no index.
        var names = (await statements.QueryAsync<(long Id, string Name)>($"SELECT id, name FROM attendee WHERE name IS NOT NULL{(code is null ? "" : " AND event = @code")}", new { code }))
            .ToDictionary(a => a.Id.ToString(CultureInfo.InvariantCulture), a => a.Name);
        return [.. groups.Select(g => g with { Name = names.GetValueOrDefault(g.Key) })];
    }

    private async Task<Func<UsageRow, string>> DayAsync()
    {
        var zones = await EventTable.ZonesAsync(statements);
        return row => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(row.Hour), zones.GetValueOrDefault(row.Event, TimeZoneInfo.Utc))
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private sealed class UsageRow
    {
        // Of a column that the rows are grouped by, the smallest is the only one; the others are not looked at.
        public const string Select = """
            SELECT MIN(event) AS Event, MIN(attendee) AS Attendee, MIN(model) AS Model, MIN(operation) AS Operation, MIN(hour) AS Hour,
                   SUM(requests) AS Requests, SUM(input) AS Input, SUM(cached_input) AS CachedInput, SUM(output) AS Output,
                   SUM(reasoning) AS Reasoning, SUM(cost) AS Cost, SUM(estimated) AS Estimated, SUM(unsettled) AS Unsettled
            """;

        public string Event { get; init; } = "";

        public long Attendee { get; init; }

        public string Model { get; init; } = "";

        public long Operation { get; init; }

        public long Hour { get; init; }

        public long Requests { get; init; }

        public long Input { get; init; }

        public long CachedInput { get; init; }

        public long Output { get; init; }

        public long Reasoning { get; init; }

        public long Cost { get; init; }

        public long Estimated { get; init; }

        public long Unsettled { get; init; }

        public UsageSum Sum() => new(Requests, Input, CachedInput, Output, Reasoning, Cost, Estimated, Unsettled);
    }
}
