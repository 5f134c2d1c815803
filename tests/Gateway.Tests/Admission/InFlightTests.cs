using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>What ends by itself while a request of an event that wants it is on its way.</summary>
public sealed class InFlightTests : IAsyncLifetime
{
    private const string Streamed = """{"stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem"}]}""";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public InFlightTests() => gateway = new() { Time = time };

    private DateTime Noon { get; } = new ManualTime().GetUtcNow().UtcDateTime;

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.AddEventAsync("strict", e => e with { CutsInFlight = true, TimeZone = "UTC", Start = Noon.AddHours(-1), End = Noon.AddSeconds(90) });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Is_cut_off_when_the_events_time_is_over()
    {
        using var streamed = await HeldAsync("strict/ann");

        time.Advance(TimeSpan.FromSeconds(90));

        (await streamed.LastBeforeBreakAsync()).ShouldContain("\"code\":\"event_over\"");
    }

    [Fact]
    public async Task Is_cut_off_when_its_key_has_expired()
    {
        var key = await gateway.ChangeAsync(change => change.Keys.IssueAsync(EventCode.Parse("strict"), "ann", time.GetUtcNow().AddSeconds(20)));
        using var streamed = await HeldAsync(key);

        time.Advance(TimeSpan.FromSeconds(20));

        (await streamed.LastBeforeBreakAsync()).ShouldContain("\"code\":\"key_unknown\"");
    }

    [Theory]
    [InlineData("POST", "/block")]
    [InlineData("DELETE", "")]
    public async Task Is_cut_off_at_once_when_its_attendee_is_blocked_or_removed(string method, string step)
    {
        using var streamed = await HeldAsync("strict/ann");
        var ann = (await gateway.Api.SendAsync("GET", "/api/events/strict/attendees")).Json.GetProperty("items")[0].GetProperty("id");

        (await gateway.Api.SendAsync(method, $"/api/events/strict/attendees/{ann}{step}", ifMatch: "*")).Status.ShouldBeLessThan(300);

        (await streamed.LastBeforeBreakAsync()).ShouldContain("\"code\":\"attendee_blocked\"");
    }

    [Fact]
    public async Task Goes_on_until_then_and_is_looked_at_no_more_when_it_has_ended()
    {
        var waiting = time.WaitingTimers;
        using var streamed = await HeldAsync("strict/ann");
        await time.UntilDueInAsync(TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(89));
        await gateway.Simulator.ReleaseAsync();

        (await streamed.RestAsync())[^1].ShouldBe("[DONE]");
        await gateway.Log.RequestsEndedAsync(1);
        time.Advance(TimeSpan.FromSeconds(10));
        time.WaitingTimers.ShouldBeLessThanOrEqualTo(waiting);
    }

    private async Task<EventStream> HeldAsync(string credential)
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 4, times = 1 });
        var streamed = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, Streamed, credential));
        (await streamed.NextAsync()).ShouldNotBeNull();
        await gateway.Simulator.HeldAsync(1);
        return streamed;
    }
}
