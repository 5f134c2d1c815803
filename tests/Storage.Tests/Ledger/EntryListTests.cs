using Dapper;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Queries;
using static OpenAIProxy.Storage.Tests.Ledger.Asking;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>A download reads each entry once, however many there are.</summary>
public sealed class EntryListTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData(null, "SEARCH entry USING INTEGER PRIMARY KEY (rowid>?)")]
    [InlineData("hackathon", "SEARCH entry USING INDEX entry_of_event (event=? AND at>?)")]
    public void Next_part_is_found_by_an_index_and_nothing_is_sorted(string? code, string search)
    {
        var query = new EntryQuery { Event = code is null ? null : EventCode.Parse(code) };
        using var database = RawDatabase.Open(directory["data/openai-proxy.db"]);

        var plan = database.Connection
            .Query("EXPLAIN QUERY PLAN " + EntryTable.NextPart(query), EntryTable.ParametersOf(query, null, 1_000, Viewer.Everybody))
            .Select(row => ((string)row.detail).Replace("SEARCH TABLE", "SEARCH", StringComparison.Ordinal)).ToList();

        plan.ShouldContain(search);
        plan.ShouldNotContain(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal), string.Join('\n', plan));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hackathon")]
    public async Task Parts_have_every_entry_once_also_those_of_one_millisecond(string? code)
    {
        foreach (var second in new[] { 3, 1, 1, 1, 2, 0 })
            await storage.Ledger.UseAsync(Demand([], Noon.AddSeconds(second)), 1, 1);
        await storage.Ledger.UseAsync(Demand([], Noon, @event: "other"), 1, 1);
        await storage.Ledger.FoldAsync(CancellationToken.None);
        var query = new EntryQuery { Event = code is null ? null : EventCode.Parse(code) };

        var (seen, last) = (new List<EntryView>(), (EntryView?)null);
        while (await storage.ReadAsync(tables => tables.Entries.ListAsync(query, last, 2, Viewer.Everybody)) is { Count: > 0 } part)
        {
            seen.AddRange(part);
            last = part[^1];
        }

        seen.Select(e => e.Id).Distinct().Count().ShouldBe(code is null ? 7 : 6);
        seen.Count.ShouldBe(code is null ? 7 : 6);
        if (code is not null)
            seen.Select(e => (e.At - Noon).Seconds).ShouldBe([0, 1, 1, 1, 2, 3]);
    }
}
