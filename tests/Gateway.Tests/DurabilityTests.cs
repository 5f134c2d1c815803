using System.Text;
using System.Text.Json;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>A request leaves after its reservation is written down, and its answer ends after its settlement is; what cannot be written down waits.</summary>
public sealed class DurabilityTests : IAsyncLifetime
{
    private const string Whole = """{"messages":[{"role":"user","content":"[[tokens=8]]"}]}""";
    private const string Streamed = """{"stream":true,"messages":[{"role":"user","content":"[[tokens=8]]"}]}""";
    private const string Filtered = """{"messages":[{"role":"user","content":"[[content-filter]]"}]}""";
    private const string Truncated = """{"kind":"truncate"}""";

    // As often as the ledger tries again, and how long whoever waits for it waits at most.
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostToWait = TimeSpan.FromSeconds(5);

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public DurabilityTests() => gateway = new GatewayUnderTest { Time = time, Settings = JournalObstacle.Allow };

    /// <summary>What ends, and how: with [DONE], with the last byte of a known length, with the connection's own word for the end.</summary>
    public static TheoryData<string, string?> Ends => new()
    {
        { Streamed, null },
        { Streamed, Truncated },
        { Whole, null },
        { Whole, Truncated },
        { Filtered, null },
    };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        // From here on the journal is all that a request needs.
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_answer_ends_when_what_it_used_has_been_written_down_and_not_before(string body, string? fault)
    {
        await PlanAsync(fault);
        using var obstacle = new JournalObstacle(gateway.DataDirectory, spared: 1);

        var answer = new Reading(gateway.Client, body);
        await SettlementHasFailedAsync();
        // Whatever had been sent before would have come by now, as this has.
        (await gateway.Client.GetAsync("/api/v1/models")).Dispose();
        var (before, hadEnded) = (answer.Text, answer.End.IsCompleted);
        obstacle.Dispose();
        await TryAgainAsync();
        var status = await answer.End;

        status.ShouldBe(body == Filtered ? 400 : 200, answer.Text);
        hadEnded.ShouldBeFalse(before);
        before.ShouldNotContain("[DONE]");
        await ShouldBeWrittenDownAsync();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_answer_whose_use_cannot_be_written_down_never_ends_and_is_written_down_later(string body, string? fault)
    {
        await PlanAsync(fault);
        using var obstacle = new JournalObstacle(gateway.DataDirectory, spared: 1);

        var answer = new Reading(gateway.Client, body);
        await SettlementHasFailedAsync();
        for (var waited = TimeSpan.Zero; waited < MostToWait; waited += Retry)
            await TryAgainAsync();
        // What has begun breaks off; in the place of what has not there is a refusal.
        if (body == Streamed || fault is not null)
            await Should.ThrowAsync<HttpIOException>(() => answer.End);
        else
            (await answer.End).ShouldBe(503);
        obstacle.Dispose();
        await TryAgainAsync();

        answer.Text.ShouldNotContain("[DONE]");
        if (body == Streamed || fault is null)
            answer.Text.ShouldContain("\"code\":\"ledger_unavailable\"");
        await ShouldBeWrittenDownAsync();
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(Streamed)]
    public async Task A_request_whose_reservation_cannot_be_written_down_is_refused_and_does_not_leave(string body)
    {
        await gateway.Simulator.ResetAsync();
        foreach (var unit in Enum.GetValues<LimitUnit>())
            await gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse("hackathon"), new Limit(0, LimitScope.Attendee, unit, LimitWindow.Event, 1_000_000_000)));
        using var obstacle = new JournalObstacle(gateway.DataDirectory);

        for (var i = 0; i < 3; i++)
        {
            var refused = await gateway.Client.AskAsync(Asking.Chat, body);
            refused.ShouldBeRefusal(503, "ledger_unavailable");
            refused.Header("Retry-After").ShouldBe("2");
        }
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
        obstacle.Dispose();

        (await gateway.Client.AskAsync(Asking.Chat, body)).Status.ShouldBe(200);
        var (open, balances) = await gateway.Ledger.AccountsAsync();
        open.ShouldBe(0);
        balances.Count.ShouldBe(Enum.GetValues<LimitUnit>().Length);
        balances.ShouldAllBe(b => b.Reserved == 0);
    }

    private async Task PlanAsync(string? fault)
    {
        await gateway.Simulator.ResetAsync();
        if (fault is not null)
            await gateway.Simulator.FailAsync(JsonDocument.Parse(fault));
    }

    private Task<IReadOnlyList<string>> SettlementHasFailedAsync() => gateway.Log.UntilAsync(l => l.Contains("journal cannot be written", StringComparison.Ordinal));

    private async Task TryAgainAsync()
    {
        await time.UntilDueInAsync(Retry);
        time.Advance(Retry);
    }

    private async Task ShouldBeWrittenDownAsync()
    {
        var served = (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem();
        await gateway.Log.UntilAsync(l => l.Contains("journal is written again", StringComparison.Ordinal));
        var entries = await gateway.Ledger.EntriesAsync();

        // The first is that of the beginning.
        entries.Count.ShouldBe(2);
        var settled = entries[1].Settlement;
        settled.Usage.Total.ShouldBeGreaterThan(0);
        if (settled.Exactness == Exactness.Exact)
            settled.Usage.ShouldBe(new Usage(served.PromptTokens, 0, served.CompletionTokens, 0));
        (await gateway.Ledger.AccountsAsync()).Open.ShouldBe(0);
    }

    /// <summary>An answer as its client reads it, which can be looked at before it has ended. Thread-safe.</summary>
    private sealed class Reading
    {
        private readonly StringBuilder text = new();

        public Reading(HttpClient client, string body) => End = ReadAsync(client, body);

        /// <summary>Completes with the status at the proper end of the answer, and fails where it breaks off.</summary>
        public Task<int> End { get; }

        public string Text
        {
            get
            {
                lock (text)
                    return text.ToString();
            }
        }

        private async Task<int> ReadAsync(HttpClient client, string body)
        {
            using var request = Asking.Post(Asking.Chat, body);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var content = await answer.Content.ReadAsStreamAsync();
            var piece = new byte[4_096];
            int count;
            while ((count = await content.ReadAsync(piece)) > 0)
                lock (text)
                    text.Append(Encoding.UTF8.GetString(piece, 0, count));
            return (int)answer.StatusCode;
        }
    }
}
