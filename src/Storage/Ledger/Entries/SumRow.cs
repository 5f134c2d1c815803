using OpenAIProxy.Storage.Ledger.Counting;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What somebody used of a model in an hour or a minute, over all operations.</summary>
internal sealed class SumRow
{
    /// <summary>By hour from <c>@hoursFrom</c> on; what was before is one row, of hour 0.</summary>
    public const string ByHour = """
        SELECT event AS Event, attendee AS Attendee, model AS Model, CASE WHEN hour >= @hoursFrom THEN hour ELSE 0 END AS Start,
               SUM(requests) AS Requests, SUM(input) AS Input, SUM(output) AS Output, SUM(cost) AS Cost
        FROM total
        GROUP BY event, attendee, model, CASE WHEN hour >= @hoursFrom THEN hour ELSE 0 END
        """;

    /// <summary>
    /// By minute, of all events' entries that were admitted at or after <c>@from</c>, in milliseconds since 1970. Summed where they are: a busy server has
    /// hundreds of thousands, and its start waits for them. Outcome 1 is <see cref="Domain.Ledger.Outcome.NotTaken"/>, which counts as nothing.
    /// </summary>
    public const string ByMinute = """
        SELECT event AS Event, attendee AS Attendee, model AS Model, at / 60000 * 60 AS Start,
               COUNT(*) AS Requests, SUM(input) AS Input, SUM(output) AS Output, SUM(cost) AS Cost
        FROM entry
        WHERE event IN (SELECT DISTINCT event FROM total) AND at >= @from AND outcome <> 1
        GROUP BY event, attendee, model, at / 60000
        """;

    public string Event { get; init; } = "";

    public long Attendee { get; init; }

    public string Model { get; init; } = "";

    /// <summary>The first second of the hour or minute.</summary>
    public long Start { get; init; }

    public long Requests { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long Cost { get; init; }

    public Amounts Amounts => new(Requests, Input, Output, Cost);
}
