using Microsoft.Data.Sqlite;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>Requests that take longer than a server that stops waits for them: their clients are told, and they are charged like any that is cut off.</summary>
public sealed class StoppingTests : IAsyncLifetime
{
    private const string Streamed = """{"stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem"}]}""";
    private const string Thinking = """{"model":"o3-mini","reasoning_effort":"low","max_completion_tokens":100,"stream":true,"messages":[{"role":"user","content":"[[tokens=8]]"}]}""";
    private const string Code = "server_stopping";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public StoppingTests() => gateway = new() { Time = time };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.AddModelAsync(GatewayUnderTest.ReasoningModel);
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2025-01-01-preview" }));
        await gateway.AddEventAsync("strict", e => e with { CutsInFlight = true });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("hackathon/ann")]
    [InlineData("strict/ann")]
    public async Task Stream_ends_with_the_reason_and_is_charged_what_was_seen(string credential)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 4 });
        using var streamed = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, credential));
        await gateway.Simulator.HeldAsync(1);

        var stopping = await StopAsync();
        var last = await streamed.LastBeforeBreakAsync();
        await stopping;

        last.ShouldContain($"\"code\":\"{Code}\"");
        var (output, exactness, outcome) = (await EntriesAsync()).ShouldHaveSingleItem();
        output.ShouldBeGreaterThan(0);
        (exactness, outcome).ShouldBe((Exactness.Estimated, Outcome.CutOff));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("hold")]
    public async Task Whole_answer_is_a_refusal_that_says_to_try_again(string fault)
    {
        await gateway.Simulator.FailAsync(new { kind = fault });
        var asking = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await gateway.Simulator.StartedAsync(1);

        var stopping = await StopAsync();
        (await asking).ShouldBeRefusal(503, Code);
        await stopping;

        (await EntriesAsync()).ShouldBe([(0, Exactness.Estimated, Outcome.CutOff)]);
    }

    [Theory]
    [InlineData("hackathon/ann")]
    [InlineData("strict/ann")]
    public async Task Stream_that_is_read_on_for_a_client_who_has_gone_is_charged_what_was_seen(string credential)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 5 });
        using (await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Thinking, credential)))
            await gateway.Simulator.HeldAsync(1);
        await time.UntilDueInAsync(gateway.Options.AbandonedTimeout);

        var stopping = await StopAsync();
        // By itself: by force the host would end it five seconds later.
        await stopping.WaitAsync(GatewayUnderTest.DrainTimeout);

        var (output, exactness, outcome) = (await EntriesAsync()).ShouldHaveSingleItem();
        output.ShouldBeGreaterThan(0);
        (exactness, outcome).ShouldBe((Exactness.Estimated, Outcome.ClientGone));
    }

    [Theory]
    [InlineData("hackathon/ann")]
    [InlineData("strict/ann")]
    public async Task Whole_answer_that_is_waited_for_though_its_client_has_gone_is_charged(string credential)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold" });
        using var client = new CancellationTokenSource();
        var asking = gateway.Client.SendAsync(Asking.Post(Asking.Chat, Asking.Hello, credential), client.Token);
        await gateway.Simulator.StartedAsync(1);
        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await time.UntilDueInAsync(gateway.Options.AbandonedTimeout);

        var stopping = await StopAsync();
        // By itself: by force the host would end it five seconds later.
        await stopping.WaitAsync(GatewayUnderTest.DrainTimeout);

        (await EntriesAsync()).ShouldBe([(0, Exactness.Estimated, Outcome.ClientGone)]);
    }

    [Fact]
    public async Task Caller_with_a_resource_of_their_own_is_told_too()
    {
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        var asking = gateway.Client.AskAsync("/v1/chat/completions", Asking.Hello, "Bearer mine:gpt-4:key", "Authorization");
        await gateway.Simulator.StartedAsync(1);

        var stopping = await StopAsync();

        (await asking).ShouldBeRefusal(503, Code);
        await stopping;
    }

    // Until the time is over for what is on its way. What it does then takes no time of this clock.
    private async Task<Task> StopAsync()
    {
        var stopping = gateway.StopAsync();
        await time.UntilDueInAsync(GatewayUnderTest.DrainTimeout);
        time.Advance(GatewayUnderTest.DrainTimeout);
        return stopping;
    }

    // The server that could be asked has ended.
    private async Task<IReadOnlyList<(long Output, Exactness Exactness, Outcome Outcome)>> EntriesAsync()
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(gateway.DataDirectory, "openai-proxy.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT output, exactness, outcome FROM entry";
        await using var rows = await command.ExecuteReaderAsync();
        var entries = new List<(long, Exactness, Outcome)>();
        while (await rows.ReadAsync())
            entries.Add((rows.GetInt64(0), (Exactness)rows.GetInt64(1), (Outcome)rows.GetInt64(2)));
        return entries;
    }
}
