using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What is to be added to a row of totals. Mutable, and a value: one for each attendee of each transaction.</summary>
internal struct Total
{
    public const string Upsert = """
        INSERT INTO total (event, attendee, model, operation, hour, requests, input, cached_input, output, reasoning, cost, estimated, unsettled)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            requests = requests + excluded.requests, input = input + excluded.input, cached_input = cached_input + excluded.cached_input,
            output = output + excluded.output, reasoning = reasoning + excluded.reasoning, cost = cost + excluded.cost,
            estimated = estimated + excluded.estimated, unsettled = unsettled + excluded.unsettled
        """;

    private long requests;
    private long input;
    private long cachedInput;
    private long output;
    private long reasoning;
    private long cost;
    private long estimated;
    private long unsettled;

    /// <param name="sign">1, or −1 to take it back.</param>
    public void Add(in Settlement settlement, int sign)
    {
        var counted = sign * settlement.AmountOf(LimitUnit.Requests);
        requests += counted;
        input += sign * settlement.Usage.Input;
        cachedInput += sign * settlement.Usage.CachedInput;
        output += sign * settlement.Usage.Output;
        reasoning += sign * settlement.Usage.Reasoning;
        cost += sign * settlement.Cost;
        estimated += settlement.Exactness == Exactness.Estimated ? counted : 0;
        unsettled += settlement.Exactness == Exactness.Unsettled ? counted : 0;
    }

    /// <summary>Binds the parameters of <see cref="Upsert"/>.</summary>
    public readonly void Bind(SqliteStatement upsert, in TotalKey key)
    {
        upsert.Bind(key.Event);
        upsert.Bind(key.Attendee);
        upsert.Bind(key.Model);
        upsert.Bind(key.Operation);
        upsert.Bind(key.Hour);
        upsert.Bind(requests);
        upsert.Bind(input);
        upsert.Bind(cachedInput);
        upsert.Bind(output);
        upsert.Bind(reasoning);
        upsert.Bind(cost);
        upsert.Bind(estimated);
        upsert.Bind(unsettled);
    }
}
