using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests.Loads;

/// <summary>What clients, simulator and ledger remember of a load, held against each other request by request.</summary>
internal static class Comparison
{
    /// <param name="entries">By the number of the request.</param>
    /// <param name="served">By the number of the request.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public static IEnumerable<string> Problems(
        IReadOnlyList<FickleClient> clients, IReadOnlyDictionary<int, StoredEntry> entries, IReadOnlyDictionary<int, SimulatedRequest> served)
    {
        foreach (var client in clients)
            foreach (var problem in Problems(client, entries.GetValueOrDefault(client.Number), served.GetValueOrDefault(client.Number)))
                yield return $"{client}: {problem}";
    }

    private static IEnumerable<string> Problems(FickleClient client, StoredEntry? entry, SimulatedRequest? served)
    {
        if (entry is null)
        {
            if (client.Status == 200 || served is not null)
                yield return "it has no entry";
            yield break;
        }
        var (usage, isTaken) = (entry.Settlement.Usage, entry.Settlement.Outcome != Outcome.NotTaken);
        var isExact = entry.Settlement.Exactness == Exactness.Exact;
        if (client.Status is not (0 or 200))
            yield return $"it was refused and has an entry: {entry}";
        if (client.RequestId is { } id && id != entry.Request.ToString())
            yield return $"its entry is of another request: {entry}";
        if (client.Stays && entry.Settlement is not { Exactness: Exactness.Exact, Outcome: Outcome.Complete })
            yield return $"its client saw its end, and the entry does not say so: {entry}";
        if (usage.Input > entry.ReservedInput || usage.Output > entry.ReservedOutput || entry.Settlement.Cost > entry.ReservedCost)
            yield return $"it was charged more than was reserved: {entry}";
        if (!isTaken && (served is not null || usage.Total > 0))
            yield return $"it was not taken, and is charged or was served: {entry}";
        if (isTaken && isExact && (usage.Input, usage.Output) != (served?.PromptTokens, served?.CompletionTokens))
            yield return $"the simulator made {served?.PromptTokens} and {served?.CompletionTokens} tokens, and the entry says otherwise: {entry}";
        if (isTaken && !isExact && served is not null && (usage.Input < served.PromptTokens || usage.Output < served.CompletionTokens))
            yield return $"hanging up has saved something of {served.PromptTokens} and {served.CompletionTokens} tokens: {entry}";
    }
}
