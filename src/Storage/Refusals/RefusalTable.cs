using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Refusals;

/// <summary>How often it was refused, and why. It can be read only: counts are written behind the requests.</summary>
public sealed class RefusalTable
{
    // All zones are whole quarters of an hour away from UTC: these make up everybody's hours and days, and are fewer than minutes.
    private const long Quarter = 900;

    // 10,080 minutes for each reason of each event, which are put in order in memory.
    private const int MostDaysOfMinutes = 7;

    private const long Day = 86_400;

    private static readonly string Wanted = $"""
        FROM refusal
        WHERE (@code IS NULL OR event = @code) AND {Viewer.Sees("event")} AND (@Reason IS NULL OR reason = @Reason)
          AND (@from IS NULL OR minute >= @from) AND (@until IS NULL OR minute < @until)
        """;

    private readonly Statements statements;

    internal RefusalTable(Statements statements) => this.statements = statements;

    /// <summary>Nothing where the viewer does not see the event; only who sees all events sees what is of none.</summary>
    /// <exception cref="QueryRefusedException">There is no such page, or minutes are asked for of more than a week.</exception>
    public async Task<RefusalView> SumAsync(RefusalQuery query, Viewer viewer)
    {
        query.Check();
        var step = query.Interval is null or RefusalInterval.Minute ? 60 : Quarter;
        var parameters = new { step, code = query.Event?.Value, viewer = viewer.OrganiserName, query.Reason, from = Second(query.From), until = Second(query.Until) };
        if (query.Interval == RefusalInterval.Minute)
            await RefuseManyMinutesAsync(parameters);
        var rows = await statements.QueryAsync<CountRow>(
            $"""
            SELECT event AS Event, reason AS Reason, {(query.Interval is null ? "0" : "minute - minute % @step")} AS Start, SUM(count) AS Count
            {Wanted}
            GROUP BY 1, 2, 3
            """,
            parameters);
        var from = await StartsAsync(query.Interval);
        var groups = rows
            .GroupBy(r => (
                Event: query.GroupBy == RefusalGrouping.Event ? r.Event : null, Reason: query.GroupBy == RefusalGrouping.Reason ? r.Reason : null, From: from(r)))
            .Select(g => new RefusalGroup(g.Key.Event, g.Key.Reason, g.Key.From, g.Sum(r => r.Count)))
            .OrderBy(g => g.From).ThenByDescending(g => g.Count).ThenBy(g => g.Event, StringComparer.Ordinal).ThenBy(g => g.Reason, StringComparer.Ordinal)
            .ToList();
        return new RefusalView(groups.Sum(g => g.Count), PageOf(groups, query));
    }

    /// <summary>Adds to the counts. What is of an event that has been deleted meanwhile is nobody's any more.</summary>
    internal Task<int> CountAsync(IEnumerable<PendingCount> counts) => statements.ExecuteAsync(
        """
        INSERT INTO refusal (event, reason, minute, count)
        SELECT @Event, @Reason, @Minute, @Count WHERE @Event = '' OR EXISTS (SELECT 1 FROM event WHERE code = @Event)
        ON CONFLICT (event, minute, reason) DO UPDATE SET count = count + excluded.count
        """,
        counts.Select(c => new { c.Key.Event, c.Key.Reason, c.Key.Minute, c.Count }));

    /// <summary>Takes the place of what was the last one, but for those who have been removed meanwhile.</summary>
    internal Task<int> RememberAsync(IEnumerable<KeyValuePair<long, LastRefusal>> last) => statements.ExecuteAsync(
        """
        INSERT INTO attendee_refusal (attendee, at, code, message, request)
        SELECT id, @at, @Code, @Message, @Request FROM attendee WHERE id = @attendee AND removed_at IS NULL
        ON CONFLICT (attendee) DO UPDATE SET at = excluded.at, code = excluded.code, message = excluded.message, request = excluded.request
        WHERE excluded.at >= attendee_refusal.at
        """,
        last.Select(l => new { attendee = l.Key, at = l.Value.At.ToUnixTimeMilliseconds(), l.Value.Code, l.Value.Message, l.Value.Request }));

    private async Task RefuseManyMinutesAsync(object parameters)
    {
        var (first, last) = await statements.FindAsync<(long? First, long? Last)>($"SELECT MIN(minute), MAX(minute) {Wanted}", parameters);
        if (first is { } from && last is { } until && until - from >= MostDaysOfMinutes * Day)
            throw new QueryRefusedException(
                nameof(RefusalQuery.Interval),
                $"minutes are told of {MostDaysOfMinutes} days at most, and these are from {DateTimeOffset.FromUnixTimeSeconds(from):u} to {DateTimeOffset.FromUnixTimeSeconds(until):u}: "
                    + "say from and to, or ask for hours or days.");
    }

    private static Page<RefusalGroup> PageOf(List<RefusalGroup> groups, RefusalQuery query)
    {
        var before = Math.Min((query.Page - 1L) * query.PageSize, groups.Count);
        return new Page<RefusalGroup>([.. groups.Skip((int)before).Take(query.PageSize)], groups.Count, query.Page, query.PageSize);
    }

    // A minute that is begun counts from its first second.
    private static long? Second(DateTimeOffset? at) => at is { } moment ? (moment.ToUnixTimeMilliseconds() + 999) / 1_000 : null;

    private async Task<Func<CountRow, DateTimeOffset?>> StartsAsync(RefusalInterval? interval)
    {
        if (interval is not { } by)
            return _ => null;
        if (by == RefusalInterval.Minute)
            return row => DateTimeOffset.FromUnixTimeSeconds(row.Start);
        var window = by == RefusalInterval.Hour ? LimitWindow.Hour : LimitWindow.Day;
        var zones = await EventTable.ZonesAsync(statements);
        var known = new Dictionary<(string, long), DateTimeOffset>();
        return row =>
        {
            if (!known.TryGetValue((row.Event, row.Start), out var start))
            {
                var bounds = WindowBounds.Of(window, DateTimeOffset.FromUnixTimeSeconds(row.Start), zones.GetValueOrDefault(row.Event, TimeZoneInfo.Utc));
                known.Add((row.Event, row.Start), start = DateTimeOffset.FromUnixTimeSeconds(bounds.Start));
            }
            return start;
        };
    }

    private sealed class CountRow
    {
        public string Event { get; init; } = "";

        public string Reason { get; init; } = "";

        /// <summary>The first second of its minute or quarter of an hour, since 1970; 0 where that was not asked for.</summary>
        public long Start { get; init; }

        public long Count { get; init; }
    }
}
