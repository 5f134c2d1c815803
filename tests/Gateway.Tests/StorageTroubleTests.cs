namespace OpenAIProxy.Gateway.Tests;

/// <summary>What attendees see while the database cannot be written: refusals that ask them to wait, and nothing that is lost.</summary>
public sealed class StorageTroubleTests : IAsyncLifetime
{
    // How long a settlement waits for others before it goes into the database, and how soon that is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public StorageTroubleTests() => gateway = new GatewayUnderTest { Time = time, Settings = DatabaseLock.Allow };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_locked_database_refuses_new_work_and_is_used_again_by_itself_when_it_is_free()
    {
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        using (new DatabaseLock(gateway.DataDirectory))
        {
            await PassAsync(Pause);
            await gateway.Log.UntilAsync(l => l.Contains("settlements wait for the database", StringComparison.Ordinal));

            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).ShouldBeRefusal(503, "ledger_unavailable");
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/zoe")).ShouldBeRefusal(503, "storage_unavailable");
            (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem();
        }
        await PassAsync(Retry);
        await gateway.Log.UntilAsync(l => l.Contains("has all settlements again", StringComparison.Ordinal));

        foreach (var user in new[] { "ann", "zoe" })
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"hackathon/{user}")).Status.ShouldBe(200);
        (await gateway.Ledger.EntriesAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_ends_although_the_database_is_locked_because_the_journal_has_what_it_used()
    {
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        using (new DatabaseLock(gateway.DataDirectory))
        {
            var whole = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
            var streamed = await gateway.Client.AskAsync(Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");

            whole.Status.ShouldBe(200);
            streamed.Body.ShouldEndWith("data: [DONE]\n\n");
        }

        (await gateway.Ledger.EntriesAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Own_use_is_not_told_while_the_database_does_not_have_it()
    {
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        using var held = new DatabaseLock(gateway.DataDirectory);
        await PassAsync(Pause);
        await gateway.Log.UntilAsync(l => l.Contains("settlements wait for the database", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/usage");
        request.Headers.Add("openai-event-code", "hackathon/ann");

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(503, "storage_unavailable");
    }

    private async Task PassAsync(TimeSpan wait)
    {
        await time.UntilDueInAsync(wait);
        time.Advance(wait);
    }
}
