using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>What a refusal by a limit says to people: who, how much of what, when it frees, and what to do.</summary>
public sealed class LimitSentenceTests : IAsyncLifetime
{
    private const string Hundred = """{"max_tokens":100,"messages":[{"role":"user","content":"a poem [[tokens=100]]"}]}""";

    private readonly GatewayUnderTest gateway = new() { Time = new ManualTime() };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.ChangeEventAsync(e => e with { TimeZone = "Australia/Sydney" });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Minute, 1, "You have used 1 of 1 requests this minute. The limit starts anew at 2026-03-04 23:01:00 (Australia/Sydney).")]
    [InlineData(LimitScope.Event, LimitUnit.Requests, LimitWindow.Event, 1, "All attendees together have used 1 of 1 requests in this event. Nothing frees it by itself: ask the organiser to raise it.")]
    [InlineData(LimitScope.Attendee, LimitUnit.OutputTokens, LimitWindow.Day, 150, "You have used 100 of 150 output tokens today; this request needs at least 64. The limit starts anew at 2026-03-05 00:00:00 (Australia/Sydney).")]
    [InlineData(LimitScope.Model, LimitUnit.Money, LimitWindow.Hour, 1_300, "All attendees together, on the model 'gpt-4o', have used $0.001038 of $0.0013 this hour; this request needs at least $0.00072. The limit starts anew at 2026-03-05 00:00:00 (Australia/Sydney).")]
    public async Task What_is_used_up_is_said_with_when_it_frees(LimitScope scope, LimitUnit unit, LimitWindow window, long cap, string says)
    {
        await LimitAsync(scope, unit, window, cap);
        (await gateway.Client.AskAsync(Asking.Chat, Hundred)).Status.ShouldBe(200);

        (await gateway.Client.AskAsync(Asking.Chat, Hundred)).Message.ShouldBe(says);
    }

    [Theory]
    [InlineData(LimitUnit.InputTokens, LimitWindow.Event, 1_000, "You have used 0 of 1,000 input tokens in this event; this request needs at least 2,011. That is more than the limit itself: ask for less, or ask the organiser to raise it.")]
    [InlineData(LimitUnit.TotalTokens, LimitWindow.Hour, 1_000, "You have used 0 of 1,000 tokens this hour; this request needs at least 2,075. That is more than the limit itself: ask for less, or ask the organiser to raise it.")]
    [InlineData(LimitUnit.Requests, LimitWindow.Day, 0, "You have used 0 of 0 requests today. The limit allows nothing: ask the organiser to raise it.")]
    [InlineData(LimitUnit.InFlight, LimitWindow.Event, 0, "You have 0 requests on the way, of 0 that may be at the same time. The limit allows nothing: ask the organiser to raise it.")]
    public async Task What_no_waiting_helps_says_so(LimitUnit unit, LimitWindow window, long cap, string says)
    {
        await LimitAsync(LimitScope.Attendee, unit, window, cap);

        var refused = await gateway.Client.AskAsync(Asking.Chat, $$"""{"max_tokens":100,"messages":[{"role":"user","content":"{{new string('x', 2_000)}}"}]}""");

        refused.Message.ShouldBe(says);
    }

    [Theory]
    [InlineData(LimitUnit.Requests, 2, "You have used 1 of 2 requests in this event, with 1 more set aside for requests on their way. Try again in a moment.")]
    [InlineData(LimitUnit.OutputTokens, 250, "You have used 100 of 250 output tokens in this event, with 100 more set aside for requests on their way; this request needs at least 64. Try again in a moment.")]
    [InlineData(LimitUnit.InFlight, 1, "You have 1 request on the way, of 1 that may be at the same time. Try again in a moment.")]
    public async Task What_others_on_their_way_hold_is_said_apart_from_what_is_used(LimitUnit unit, long cap, string says)
    {
        await LimitAsync(LimitScope.Attendee, unit, LimitWindow.Event, cap);
        (await gateway.Client.AskAsync(Asking.Chat, Hundred)).Status.ShouldBe(200);
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0, times = 1 });
        var held = gateway.Client.AskAsync(Asking.Chat, Hundred.Replace("{\"max", "{\"stream\":true,\"max", StringComparison.Ordinal));
        await gateway.Simulator.HeldAsync(1);

        var refused = await gateway.Client.AskAsync(Asking.Chat, Hundred);
        await gateway.Simulator.ReleaseAsync();
        await held;

        refused.Message.ShouldBe(says);
        refused.Status.ShouldBe(429);
    }

    private Task<long> LimitAsync(LimitScope scope, LimitUnit unit, LimitWindow window, long cap) =>
        gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse("hackathon"), new Limit(0, scope, unit, window, cap)));
}
