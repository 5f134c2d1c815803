using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>What clients and the simulator remember of all rounds, and what the ledger must have because of it.</summary>
/// <param name="price">Of the model that all ask.</param>
internal sealed class Books(Price price)
{
    private readonly Dictionary<Mark, Sent> sent = [];
    private readonly Dictionary<Mark, SimulatedRequest> served = [];

    public int Count => sent.Count;

    public void Add(IEnumerable<Sent> requests)
    {
        foreach (var request in requests)
            sent.Add(request.Mark, request);
    }

    /// <exception cref="ShouldAssertException">A request has come to the simulator twice.</exception>
    public void Add(IEnumerable<SimulatedRequest> requests)
    {
        // Death may cut a request off behind its headers: nothing is made of that.
        foreach (var request in requests.Where(r => r.Body.Length > 0 || r.PromptTokens + r.CompletionTokens > 0))
            served.TryAdd(MarkOf(request), request).ShouldBeTrue($"The simulator got {MarkOf(request)} twice.");
    }

    /// <returns>What is wrong, a sentence each.</returns>
    public IReadOnlyList<string> Compare(IReadOnlyList<LedgerEntry> entries)
    {
        var problems = new List<string>();
        problems.AddRange(entries.GroupBy(e => e.Request).Where(g => g.Count() > 1).Select(g => $"Request {g.Key} has {g.Count()} entries."));
        var byMark = entries.ToLookup(e => e.Mark);
        problems.AddRange(byMark.Where(g => !sent.ContainsKey(g.Key)).Select(g => $"Nobody has asked for what entry {g.First()} says."));
        problems.AddRange(served.Keys.Where(m => !sent.ContainsKey(m)).Select(m => $"Nobody has asked for what the simulator served as {m}."));
        foreach (var request in sent.Values)
            problems.AddRange(Compare(request, served.GetValueOrDefault(request.Mark), [.. byMark[request.Mark]]).Select(p => $"{request}: {p}"));
        return problems;
    }

    private IEnumerable<string> Compare(Sent request, SimulatedRequest? served, LedgerEntry[] entries)
    {
        if (request.RequestId is not null && request.Status != 200)
            yield return $"it was refused: {request.Answer}";
        if (entries.Length > 1)
            yield return $"it has {entries.Length} entries";
        if (entries.Length == 0 && (request.RequestId is not null || served is not null))
            yield return "it has no entry";
        if (entries is not [var entry, ..])
            yield break;
        if (request.RequestId is { } id && id != entry.Request)
            yield return $"its entry is of another request: {entry}";
        foreach (var problem in request.HasEnded ? CompareEnded(request, entry) : [])
            yield return problem;
        foreach (var problem in CompareServed(served, entry))
            yield return problem;
    }

    private static IEnumerable<string> CompareEnded(Sent request, LedgerEntry entry)
    {
        if (entry is not { Exactness: LedgerEntry.Exact, Outcome: LedgerEntry.Complete })
            yield return $"its client saw its end, and the entry does not say so: {entry}";
        if (request.ToldUsage() is { } told && told != (entry.Input, entry.Output))
            yield return $"its client was told {told} tokens, and the entry says otherwise: {entry}";
        if (request.Manner is Manner.Whole or Manner.Streamed && request.ToldUsage() is null)
            yield return $"its client was told no usage: {request.Answer}";
    }

    private IEnumerable<string> CompareServed(SimulatedRequest? served, LedgerEntry entry)
    {
        if (entry.Exactness == LedgerEntry.Unsettled != (entry.Outcome == LedgerEntry.Lost))
            yield return $"only what was lost is unsettled: {entry}";
        if (entry.Exactness == LedgerEntry.Unsettled && (entry.Input, entry.Output, entry.Cost) != (entry.ReservedInput, entry.ReservedOutput, entry.ReservedCost))
            yield return $"it is unsettled and not charged whole: {entry}";
        if (entry.Input > entry.ReservedInput || entry.Output > entry.ReservedOutput || entry.Cost > entry.ReservedCost)
            yield return $"it was charged more than was reserved: {entry}";
        if (entry.Exactness != LedgerEntry.Unsettled && entry.Cost != Cost.Of(new Usage(entry.Input, 0, entry.Output, 0), price))
            yield return $"its cost is not that of its tokens: {entry}";
        if (entry.Exactness == LedgerEntry.Exact && entry.Outcome != LedgerEntry.NotTaken && (entry.Input, entry.Output) != (served?.PromptTokens, served?.CompletionTokens))
            yield return $"the simulator made {served?.PromptTokens} and {served?.CompletionTokens} tokens, and the entry says otherwise: {entry}";
        if (served is not null && entry.Outcome == LedgerEntry.NotTaken)
            yield return $"the simulator took it: {entry}";
        if (served is not null && (entry.ReservedInput < served.PromptTokens || entry.ReservedOutput < served.CompletionTokens))
            yield return $"the simulator made {served.PromptTokens} and {served.CompletionTokens} tokens, which is more than was reserved: {entry}";
    }

    private static Mark MarkOf(SimulatedRequest request)
    {
        var prompt = request.Json.GetProperty("messages")[0].GetProperty("content").GetString()!;
        return new Mark(prompt.Split(' ')[0], request.Field("max_tokens")!.Value.GetInt64());
    }
}
