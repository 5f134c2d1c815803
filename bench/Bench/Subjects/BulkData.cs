using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>Fills a gateway's database with what an organisation gathers over years. The gateway must be stopped, and must not have served yet.</summary>
internal static class BulkData
{
    private const int Attendees = 10_000;

    // An attendee who is busy asks so often in an hour; totals are by the hour.
    private const int EntriesPerHour = 10;

    /// <param name="keys">At least as many as the 10,000 attendees that they are spread over.</param>
    public static async Task FillAsync(string database, long keys, long entries, CancellationToken cancellation)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(cancellation);
        var now = TimeProvider.System.GetUtcNow();
        var hour = now.ToUnixTimeSeconds() / 3600 * 3600;
        // A database that is only half filled is thrown away: nothing has to survive.
        await ExecuteAsync("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY;");
        await ExecuteAsync("BEGIN");
        await ExecuteAsync($"""
            INSERT INTO attendee (event, name, is_blocked, by_code, entered_at)
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {Attendees})
            SELECT '{Organiser.Event}', 'person-' || i, 0, 0, {now.ToUnixTimeMilliseconds()} FROM n
            """);
        const string first = "(SELECT MIN(id) FROM attendee WHERE name LIKE 'person-%')";
        await ExecuteAsync($"""
            INSERT INTO attendee_key (hash, attendee, hint, issued_at, expires_at, revoked_at)
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {keys})
            SELECT randomblob(32), {first} + i % {Attendees}, 'aaaa', {now.ToUnixTimeMilliseconds()}, NULL, NULL FROM n
            """);
        // Each attendee's, one hour after the other, back from the last full hour.
        await ExecuteAsync($"""
            INSERT INTO entry (id, request, event, attendee, model, operation, at, hour, settled_at, reserved_input, stated_input, reserved_output, reserved_cost,
                               input, cached_input, output, reasoning, cost, exactness, outcome, price_input, price_cached_input, price_output, price_image, price_as_of)
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {entries}),
                 placed (i, attendee, hour) AS (
                     SELECT i, {first} + i % {Attendees}, {hour} - 3600 * (1 + ({entries} - 1 - i) / {Attendees} / {EntriesPerHour}) FROM n)
            SELECT i + 1, lower(hex(randomblob(16))), '{Organiser.Event}', attendee, 'chat', 0, (hour + i % 3600) * 1000, hour, (hour + i % 3600) * 1000 + 900,
                   60, 0, 100, 69, 24, 0, 50, 0, 34, 0, 0, 150000, 75000, 600000, 0, '2026-01-01'
            FROM placed
            """);
        await ExecuteAsync("""
            INSERT INTO total
            SELECT event, attendee, model, operation, hour, COUNT(*), SUM(input), SUM(cached_input), SUM(output), SUM(reasoning), SUM(cost), 0, 0
            FROM entry GROUP BY event, attendee, model, operation, hour
            """);
        await ExecuteAsync($"UPDATE ledger SET folded = {entries}");
        await ExecuteAsync("COMMIT");
        await ExecuteAsync("PRAGMA journal_mode = WAL");

        async Task ExecuteAsync(string sql)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Numbers and names of our own.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
