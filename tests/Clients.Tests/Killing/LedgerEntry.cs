using Dapper;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>An entry as somebody reads it who looks into the database and knows nothing of the program.</summary>
internal sealed record LedgerEntry
{
    // As they are stored; see the enumerations Exactness and Outcome.
    public const long Exact = 0, Unsettled = 2, Complete = 0, NotTaken = 1, Lost = 6;

    // The library that is packed, whatever the machine has.
    static LedgerEntry() => SQLitePCL.Batteries_V2.Init();

    public long Id { get; init; }

    public string Request { get; init; } = "";

    public string Attendee { get; init; } = "";

    public long ReservedInput { get; init; }

    public long ReservedOutput { get; init; }

    public long ReservedCost { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long Cost { get; init; }

    public long Exactness { get; init; }

    public long Outcome { get; init; }

    public Mark Mark => new(Attendee, ReservedOutput);

    /// <summary>All entries of a data directory, oldest first.</summary>
    public static IReadOnlyList<LedgerEntry> ReadAll(string directory)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "openai-proxy.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return
        [
            .. connection.Query<LedgerEntry>(
                """
                SELECT entry.id AS Id, request AS Request, COALESCE(attendee.name, '') AS Attendee, reserved_input AS ReservedInput, reserved_output AS ReservedOutput,
                       reserved_cost AS ReservedCost, input AS Input, output AS Output, cost AS Cost, exactness AS Exactness, outcome AS Outcome
                FROM entry LEFT JOIN attendee ON attendee.id = entry.attendee
                ORDER BY entry.id
                """),
        ];
    }
}
