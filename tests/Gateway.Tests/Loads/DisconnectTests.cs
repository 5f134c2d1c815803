using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Loads;

/// <summary>Caps that hold while a third of a thousand clients hangs up at whatever moment, and a ledger that agrees with the simulator to the token.</summary>
public sealed class DisconnectTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Requests = 1_000;
    private const long Plenty = 1_000_000_000;

    // In micro-dollars for a million tokens, so that an input token costs 10 and an output token 30.
    private const long InputPrice = 10_000_000, OutputPrice = 30_000_000;

    private static readonly EventCode Hackathon = EventCode.Parse("hackathon");

    private readonly GatewayUnderTest gateway = new() { Time = new ManualTime() };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.AddModelAsync(new Model { Name = "gpt-4.1", Family = ModelFamily.Chat, Operations = [Operation.ChatCompletions], ContextWindow = 1_047_576, MaxOutput = 32_768 });
        await gateway.ChangeAsync(async change =>
        {
            foreach (var limit in await change.Limits.ListAsync(Hackathon))
                await change.Limits.DeleteAsync(Hackathon, limit.Id);
            foreach (var model in FickleClient.Models)
                await change.Prices.PutAsync(model, new Price(InputPrice, InputPrice, OutputPrice, 0, new DateOnly(2026, 1, 1), "this test"));
        });
        // For the oldest entry: it says by how much a reservation is above the length of a prompt.
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(LimitUnit.Requests, 500)]
    [InlineData(LimitUnit.TotalTokens, 150_000)]
    [InlineData(LimitUnit.Money, 1_500_000)]
    public async Task Caps_hold_and_every_token_is_accounted_for_while_a_third_of_the_clients_hangs_up(LimitUnit unit, long cap)
    {
        var seed = SeedGiven() ?? RandomNumberGenerator.GetInt32(1_000_000);
        var random = new Random(seed);
        var clients = Enumerable.Range(0, Requests).Select(i => new FickleClient(i, random)).ToArray();
        var load = clients.ToArray();
        random.Shuffle(load);
        await LimitAsync(unit, cap);
        await gateway.Simulator.FailAsync(FickleClient.Faults);

        using var counter = new RequestCounter(gateway.Services);
        var arrived = counter.UntilAsync(Requests);
        await Task.WhenAll(load.Select(c => LiveAsync(c, arrived, unit, cap, seed)));
        await gateway.Log.RequestsEndedAsync(Requests + 1);

        var all = await gateway.Ledger.EntriesAsync();
        var entries = ByNumber(all);
        var served = (await gateway.Simulator.TakeEndedAsync()).Skip(1).Where(r => r.Body.Length > 0)
            .ToDictionary(r => FickleClient.NumberOf(r.Json.GetProperty("messages")[0].GetProperty("content").GetString()!));
        output.WriteLine($"seed {seed}: {entries.Count} let in, {served.Count} served, {clients.Count(c => c.Status is not (0 or 200))} refused, "
            + string.Join(", ", entries.Values.GroupBy(e => (e.Settlement.Outcome, e.Settlement.Exactness)).Select(g => $"{g.Count()} {g.Key}")));
        var when = $"The same again with OPENAIPROXY_TESTS_SEED={seed}";
        Comparison.Problems(clients, entries, served).ShouldBeEmpty(when);
        ServedIn(unit, all.Count - entries.Count, [.. served.Values]).ShouldBeLessThanOrEqualTo(cap, when);
        await AccountsShouldBeTheSumsOfAsync(all, unit, cap, when);
        clients.ShouldAllBe(c => c.Status == 0 || c.Status == 200 || c.Status == 403 || c.Status == 429, when);
        // Something of everything, or it would have shown nothing.
        clients.ShouldContain(c => c.Status == 429 || c.Status == 403, when);
        if (unit == LimitUnit.Requests)
            all.Count.ShouldBeGreaterThanOrEqualTo((int)cap, when);
        foreach (var manner in Enum.GetValues<Manner>())
            clients.ShouldContain(c => c.Manner == manner && entries.ContainsKey(c.Number), $"{manner}. {when}");
    }

    private async Task LiveAsync(FickleClient client, Task arrived, LimitUnit unit, long cap, int seed)
    {
        await client.LiveAsync(gateway.Client, arrived);
        var (_, balance) = (await gateway.Ledger.BalancesAsync()).Single(b => b.Unit == unit);
        (balance.Used + balance.Reserved).ShouldBeLessThanOrEqualTo(cap, $"{client}, seed {seed}");
    }

    // Every unit has its account, so that each can be compared.
    private Task LimitAsync(LimitUnit unit, long cap) => gateway.ChangeAsync(async change =>
    {
        foreach (var each in Enum.GetValues<LimitUnit>())
            await change.Limits.AddAsync(Hackathon, new Limit(0, LimitScope.Attendee, each, LimitWindow.Event, each == unit ? cap : Plenty));
    });

    private static Dictionary<int, StoredEntry> ByNumber(IReadOnlyList<StoredEntry> entries)
    {
        var above = entries[0].ReservedInput - "hello".Length + FickleClient.Shortest;
        return entries.Skip(1).ToDictionary(e => (int)(e.ReservedInput - above));
    }

    private static long ServedIn(LimitUnit unit, int more, IReadOnlyList<SimulatedRequest> served) => unit switch
    {
        LimitUnit.Requests => served.Count + more,
        LimitUnit.TotalTokens => served.Sum(r => r.PromptTokens + r.CompletionTokens),
        _ => served.Sum(r => r.PromptTokens * InputPrice + r.CompletionTokens * OutputPrice) / 1_000_000,
    };

    private async Task AccountsShouldBeTheSumsOfAsync(IReadOnlyList<StoredEntry> entries, LimitUnit unit, long cap, string when)
    {
        (await gateway.Ledger.AccountsAsync()).Open.ShouldBe(0, when);
        foreach (var (of, balance) in await gateway.Ledger.BalancesAsync())
            balance.ShouldBe(new Balance(entries.Sum(e => e.Settlement.AmountOf(of)), 0), $"{of}. {when}");
        entries.Sum(e => e.Settlement.AmountOf(unit)).ShouldBeLessThanOrEqualTo(cap, when);
        var attendee = gateway.Services.GetRequiredService<KeyRing>().FindAttendee(Hackathon, "ann")!;
        var totals = await gateway.Services.GetRequiredService<IUsageReport>().OfAttendeeAsync(attendee.Id, CancellationToken.None);
        totals.Select(t => (t.Model, t.Requests, t.Usage.Input, t.Usage.Output, t.Cost)).Order().ShouldBe(
            entries.GroupBy(e => e.Model).Select(g => (g.Key, Sum(g, LimitUnit.Requests), Sum(g, LimitUnit.InputTokens), Sum(g, LimitUnit.OutputTokens), Sum(g, LimitUnit.Money))).Order(), when);
    }

    private static long Sum(IEnumerable<StoredEntry> entries, LimitUnit unit) => entries.Sum(e => e.Settlement.AmountOf(unit));

    private static int? SeedGiven() =>
        int.TryParse(Environment.GetEnvironmentVariable("OPENAIPROXY_TESTS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;
}
