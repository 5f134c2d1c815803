using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>An entry as its table has it. The price that it was charged at is written too, for whoever wonders about a cost, and not read here.</summary>
internal class EntryRow
{
    public const string Columns = """
        id AS Id, request AS Request, event AS Event, attendee AS Attendee, model AS Model, operation AS Operation, at AS At, hour AS Hour,
        settled_at AS SettledAt, reserved_input AS ReservedInput, stated_input AS StatedInput, reserved_output AS ReservedOutput, reserved_cost AS ReservedCost,
        input AS Input, cached_input AS CachedInput, output AS Output, reasoning AS Reasoning, cost AS Cost, exactness AS Exactness,
        outcome AS Outcome
        """;

    public const string Insert = """
        INSERT INTO entry (id, request, event, attendee, model, operation, at, hour, settled_at, reserved_input, stated_input, reserved_output, reserved_cost,
                           input, cached_input, output, reasoning, cost, exactness, outcome,
                           price_input, price_cached_input, price_output, price_image, price_as_of)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    public long Id { get; init; }

    public string Request { get; init; } = "";

    public string Event { get; init; } = "";

    public long Attendee { get; init; }

    public string Model { get; init; } = "";

    public long Operation { get; init; }

    public long At { get; init; }

    public long Hour { get; init; }

    public long SettledAt { get; init; }

    public long ReservedInput { get; init; }

    public long StatedInput { get; init; }

    public long ReservedOutput { get; init; }

    public long ReservedCost { get; init; }

    public long Input { get; init; }

    public long CachedInput { get; init; }

    public long Output { get; init; }

    public long Reasoning { get; init; }

    public long Cost { get; init; }

    public long Exactness { get; init; }

    public long Outcome { get; init; }

    /// <summary>Binds the parameters of <see cref="Insert"/>, without an object for each row.</summary>
    public static void Bind(SqliteStatement insert, long id, in Reserved reserved, in Settlement settlement)
    {
        insert.Bind(id);
        insert.Bind(reserved.Request, "D");
        insert.Bind(reserved.Event);
        insert.Bind(reserved.Attendee);
        insert.Bind(reserved.Model);
        insert.Bind((long)reserved.Operation);
        insert.Bind(reserved.At.ToUnixTimeMilliseconds());
        insert.Bind(reserved.Hour);
        insert.Bind(settlement.At.ToUnixTimeMilliseconds());
        insert.Bind(reserved.Input);
        insert.Bind(reserved.StatedInput);
        insert.Bind(reserved.Output);
        insert.Bind(reserved.Cost);
        insert.Bind(settlement.Usage.Input);
        insert.Bind(settlement.Usage.CachedInput);
        insert.Bind(settlement.Usage.Output);
        insert.Bind(settlement.Usage.Reasoning);
        insert.Bind(settlement.Cost);
        insert.Bind((long)settlement.Exactness);
        insert.Bind((long)settlement.Outcome);
        Bind(insert, reserved.Price);
    }

    private static void Bind(SqliteStatement insert, Price? price)
    {
        insert.Bind(price?.Input);
        insert.Bind(price?.CachedInput);
        insert.Bind(price?.Output);
        insert.Bind(price?.Image);
        if (price is null)
            insert.Bind((string?)null);
        else
            insert.Bind(price.AsOf, "O");
    }

    public Settlement Settlement() => new(
        new Usage(Input, CachedInput, Output, Reasoning),
        Cost,
        (Exactness)checked((int)Exactness),
        (Outcome)checked((int)Outcome),
        Sql.Moments.Of(SettledAt));
}
