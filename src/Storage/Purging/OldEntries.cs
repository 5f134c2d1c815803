using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Purging;

/// <summary>An event's entries of whole hours that are over for longer than it keeps them. Their sums stay, and a mark says that there is nothing to compare them with.</summary>
/// <remarks>
/// Only what is settled is an entry: what is on its way is none, and what of it settles later becomes one that goes the next time.
/// </remarks>
internal sealed class OldEntries : OldRows
{
    // An hour that the clocks repeat lasts two, and the event's time zone may have been another one by half an hour or so.
    private const long LongestHour = 3 * 3_600;

    private readonly long before;
    private readonly long until;
    private readonly long journalFrom;

    private OldEntries(string @event, long before, DateTimeOffset until, long journalFrom) =>
        (Event, this.before, this.until, this.journalFrom) = (@event, before, until.ToUnixTimeMilliseconds(), journalFrom);

    public string Event { get; }

    /// <summary>The beginning of the first hour that is kept.</summary>
    public DateTimeOffset Before => DateTimeOffset.FromUnixTimeSeconds(before);

    protected override (string Table, string Key) Rows => ("entry", "id");

    // The hour decides; the moment is what the index knows.
    protected override string Old => "FROM entry WHERE event = @Event AND at < @until AND hour < @before";

    protected override object Parameters => new { Event, until, before };

    /// <param name="journalFrom">From which sequence on the journal has records.</param>
    /// <returns>One for each event that does not keep entries for ever.</returns>
    public static async Task<IReadOnlyList<OldEntries>> FindAsync(Statements statements, DateTimeOffset now, long journalFrom)
    {
        var zones = await EventTable.ZonesAsync(statements);
        var found = new List<OldEntries>();
        foreach (var (code, days) in await statements.QueryAsync<(string Code, long Days)>("SELECT code, retention_days FROM event WHERE retention_days IS NOT NULL"))
        {
            var keptFrom = Retention.KeptFrom(checked((int)days), now);
            found.Add(new OldEntries(code, await FirstHourKeptAsync(statements, code, zones[code], keptFrom), keptFrom, journalFrom));
        }
        return found;
    }

    public Task<long> CountAsync(Statements statements) => statements.FindAsync<long>($"SELECT COUNT(*) {Old}", Parameters);

    /// <param name="count">How many go.</param>
    public AuditEntry ToAudit(long count) => new(
        AuditAction.Purge, AuditKind.Event, Event, Event, new JsonObject { ["entries"] = count, ["admittedBefore"] = Moments.Text(Before) }, null);

    /// <summary>The mark goes with the first of them: at no moment is a sum compared with entries that are not all there.</summary>
    public override async Task<int> DeleteAsync(Statements statements, int most)
    {
        await statements.ExecuteAsync(
            "INSERT INTO purge (event, before) VALUES (@Event, @before) ON CONFLICT (event) DO UPDATE SET before = MAX(before, excluded.before)", Parameters);
        var ids = await statements.QueryAsync<long>($"DELETE FROM entry WHERE id IN (SELECT id {Old} LIMIT {most}) RETURNING id", Parameters);
        // The file of the journal that has its settlement may be gone, and the one with the reservation be kept for another's sake.
        await statements.ExecuteAsync("INSERT INTO purged_entry (id) VALUES (@id)", ids.Where(id => id >= journalFrom).Select(id => new { id }));
        return ids.Count;
    }

    // By the clock of now, and by that of the entries themselves where it was another: no entry that is kept may be of an hour that goes.
    private static async Task<long> FirstHourKeptAsync(Statements statements, string code, TimeZoneInfo zone, DateTimeOffset keptFrom)
    {
        var from = keptFrom.ToUnixTimeMilliseconds();
        var first = await statements.FindAsync<long?>(
            "SELECT MIN(hour) FROM entry WHERE event = @code AND at >= @from AND at < @until", new { code, from, until = from + LongestHour * 1_000 });
        var hour = WindowBounds.Of(LimitWindow.Hour, keptFrom, zone).Start;
        return Math.Min(first ?? hour, hour);
    }
}
