using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Offline;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Ten thousand generated lives of events, each checked against its own account at every step, with restarts between.</summary>
public sealed class HistoryTests : IDisposable
{
    private const int Rounds = 10;
    private const int PerRound = 1_000;

    // Before the clocks go back in Lord Howe (by half an hour) and in Santiago (at midnight).
    private static readonly DateTimeOffset Start = new(2026, 4, 4, 13, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Nothing_is_ever_above_a_cap_settled_twice_or_lost()
    {
        var data = new StorageOptions { DataDirectory = directory["data"] };
        for (var round = 0; round < Rounds; round++)
        {
            var clock = new Clock(Start.AddHours(round));
            var histories = Enumerable.Range(round * PerRound, PerRound).Select(seed => new GeneratedHistory(seed, clock.Now)).ToList();
            await using (var storage = await StorageUnderTest.StartAsync(data, clock))
                await Task.WhenAll(histories.Select(h => Task.Run(() => h.GoOnAsync(storage.Ledger))));
            histories.ForEach(h => h.Die());
            await using (var again = await StorageUnderTest.StartAsync(data, clock))
            {
                await Task.WhenAll(histories.Select(h => Task.Run(async () =>
                {
                    await h.ComeLateAsync(again.Ledger);
                    await h.GoOnAsync(again.Ledger);
                })));
                await again.Ledger.FoldAsync(CancellationToken.None);
            }
            foreach (var history in histories)
                Compare(history);
        }

        (await Verification.RunAsync(data, TimeProvider.System, CancellationToken.None)).ShouldBeEmpty();
    }

    private void Compare(GeneratedHistory history)
    {
        var settled = history.Requests.Where(r => r.Settlement is not null).Select(r => r.Settlement!.Value).ToList();
        var expected = $"{settled.Count} {settled.Sum(s => s.Usage.Input)} {settled.Sum(s => s.Usage.Output)} {settled.Sum(s => s.Cost)}"
            + $" {settled.Count(s => s.Exactness == Exactness.Unsettled)}";

        RawDatabase.Read<string>(
            directory["data/openai-proxy.db"],
            "SELECT COUNT(*) || ' ' || COALESCE(SUM(input), 0) || ' ' || COALESCE(SUM(output), 0) || ' ' || COALESCE(SUM(cost), 0) || ' ' || "
            + $"COALESCE(SUM(exactness = 2), 0) FROM entry WHERE event = '{history.Event}'").ShouldBe(expected, history.Event);
    }
}
