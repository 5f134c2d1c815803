using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests.Accounting;

/// <summary>What a model thinks nobody sees, and only the end of a stream tells how much it was: hanging up before must not make it free.</summary>
public sealed class HiddenOutputTests : IAsyncLifetime
{
    private const string Question = "\"messages\":[{\"role\":\"user\",\"content\":\"[[tokens=8]]\"}],\"stream\":true";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public HiddenOutputTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.AddModelAsync(GatewayUnderTest.ReasoningModel);
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2025-01-01-preview" }));
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("\"model\":\"o3-mini\",\"reasoning_effort\":\"low\",\"max_completion_tokens\":100", 64 + 8)]
    [InlineData("\"max_tokens\":100,\"prediction\":{\"type\":\"content\",\"content\":\"zzz zzz zzz zzz zzz\"}", 5 + 8)]
    public async Task Client_that_hangs_up_pays_for_what_it_did_not_see(string fields, long output)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 5 });
        using (var stream = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, "{" + fields + "," + Question + "}")))
            await gateway.Simulator.HeldAsync(1);

        // Only once the gateway has seen that its client has gone.
        await time.UntilDueInAsync(gateway.Options.AbandonedTimeout);
        await gateway.Simulator.ReleaseAsync();
        await gateway.Log.RequestsEndedAsync(1);

        var settled = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement;
        (settled.Usage.Output, settled.Exactness, settled.Outcome).ShouldBe((output, Exactness.Exact, Outcome.ClientGone));
    }

    [Fact]
    public async Task Client_that_hangs_up_is_not_waited_for_for_ever()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 5 });
        using (var stream = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, "{\"model\":\"o3-mini\"," + Question + "}")))
            await gateway.Simulator.HeldAsync(1);

        await time.UntilDueInAsync(gateway.Options.AbandonedTimeout);
        time.Advance(gateway.Options.AbandonedTimeout);
        await gateway.Log.RequestsEndedAsync(1);

        var settled = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement;
        (settled.Exactness, settled.Outcome).ShouldBe((Exactness.Estimated, Outcome.ClientGone));
        (await gateway.Simulator.EndedAsync(1)).ShouldHaveSingleItem().State.ShouldBe("cancelled");
    }
}
