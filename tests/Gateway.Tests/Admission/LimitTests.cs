using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>Caps that hold, on the wire: what reaches the simulator, by its own count, is never more than the cap.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private static readonly EventCode Hackathon = EventCode.Parse("hackathon");

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public LimitTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Of_a_thousand_requests_at_once_just_the_cap_gets_through()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Event, 500);

        var answers = await AskAtOnceAsync(1_000, _ => Asking.Hello);

        answers.Count(a => a.Status == 200).ShouldBe(500);
        answers.Count(a => a is { Status: 403 or 429 } && a.Code == "limit_requests_per_event").ShouldBe(500);
        (await ServedAsync("requests")).ShouldBe(500);
    }

    [Fact]
    public async Task Of_a_thousand_requests_at_once_just_the_cap_gets_through_with_what_the_bench_sets_up()
    {
        var document = BenchConfiguration.Document(gateway.Simulator.Address);
        document.Limit("requests")["cap"] = 500;
        await gateway.Api.ApplyAsync(document);
        var key = (await gateway.Api.SendAsync("POST", $"/api/events/{BenchConfiguration.Event}/keys", """{"user": "ann"}""")).Json.GetProperty("key").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ =>
            gateway.Client.AskAsync($"/openai/deployments/{BenchConfiguration.Model}/chat/completions?api-version=2024-10-21", Asking.Hello, key, "api-key")));

        answers.Count(a => a.Status == 200).ShouldBe(500);
        answers.Count(a => a is { Status: 429 } && a.Code == "limit_requests_per_minute").ShouldBe(500);
        (await ServedAsync("requests")).ShouldBe(500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tokens_served_are_never_more_than_the_cap(bool streamed)
    {
        const long cap = 4_000;
        await LimitAsync(LimitScope.Event, LimitUnit.TotalTokens, LimitWindow.Day, cap);

        var answers = await AskAtOnceAsync(300, i => $$"""{"stream":{{(streamed ? "true" : "false")}},"max_tokens":{{20 + i % 7 * 10}},"messages":[{"role":"user","content":"a poem about rain {{i}}"}]}""");

        var served = await ServedAsync("promptTokens") + await ServedAsync("completionTokens");
        served.ShouldBeInRange(1, cap);
        answers.ShouldContain(a => a.Status == 200);
        answers.ShouldContain(a => a.Status != 200);
        answers.ShouldAllBe(a => a.Status == 200 || a.Code == "limit_tokens_per_day");
    }

    [Fact]
    public async Task Money_spent_is_never_more_than_the_cap()
    {
        const long cap = 20_000;
        // 10 dollars in and 30 out for a million.
        await gateway.ChangeAsync(change => change.Prices.PutAsync("gpt-4", new Price(10_000_000, 10_000_000, 30_000_000, 0, new DateOnly(2026, 1, 1), "a test")));
        await LimitAsync(LimitScope.Event, LimitUnit.Money, LimitWindow.Event, cap);

        var answers = await AskAtOnceAsync(200, i => $$"""{"model":"gpt-4","max_tokens":{{10 + i % 50}},"messages":[{"role":"user","content":"hello {{i}}"}]}""");

        var spent = 10 * await ServedAsync("promptTokens") + 30 * await ServedAsync("completionTokens");
        spent.ShouldBeInRange(cap / 2, cap);
        answers.ShouldAllBe(a => a.Status == 200 || a.Code == "limit_money_per_event");
    }

    [Fact]
    public async Task A_limit_on_money_refuses_a_model_without_a_price()
    {
        await gateway.ChangeAsync(change => change.Prices.DeleteAsync("gpt-4"));
        await LimitAsync(LimitScope.Event, LimitUnit.Money, LimitWindow.Event, 1_000_000);

        (await gateway.Client.AskAsync("/v1/chat/completions", """{"model":"gpt-4","messages":[{"role":"user","content":"hello"}]}""")).ShouldBeRefusal(403, "price_unknown");
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_in_flight_are_let_in_again_as_others_end()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.InFlight, LimitWindow.Event, 2);
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0, times = 2 });

        var held = new[] { AskStreamedAsync(), AskStreamedAsync() };
        await gateway.Simulator.HeldAsync(2);
        var third = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        var other = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/bob");
        await gateway.Simulator.ReleaseAsync();
        await Task.WhenAll(held);

        third.ShouldBeRefusal(429, "limit_requests_in_flight");
        other.Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_cap_that_frees_soon_is_a_429_until_it_frees_and_a_later_one_a_403_that_says_when()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Minute, 1);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);

        // Of sixty seconds, which are the most that is ever told, only some are left.
        time.Advance(TimeSpan.FromSeconds(18));
        var soon = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        time.Advance(TimeSpan.FromSeconds(42));
        var after = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Day, 2);
        var today = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        soon.ShouldBeRefusal(429, "limit_requests_per_minute");
        int.Parse(soon.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBe(42);
        soon.Message.ShouldContain("1 of 1 requests this minute");
        after.Status.ShouldBe(200);
        // Made in the middle of the event, it begins with what was used before.
        today.ShouldBeRefusal(403, "limit_requests_per_day");
        today.Header("x-should-retry").ShouldBe("false");
        today.Message.ShouldContain("The limit starts anew at 2026-03-05 00:00:00");
    }

    [Fact]
    public async Task The_output_limit_is_lowered_to_what_is_left_down_to_what_is_of_use()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.OutputTokens, LimitWindow.Day, 200);
        const string hundred = """{"max_tokens":100,"messages":[{"role":"user","content":"a poem [[tokens=100]]"}]}""";

        (await gateway.Client.AskAsync(Asking.Chat, hundred)).Status.ShouldBe(200);
        var lowered = await gateway.Client.AskAsync(Asking.Chat, hundred.Replace("100", "500", StringComparison.Ordinal));
        var refused = await gateway.Client.AskAsync(Asking.Chat, hundred);

        lowered.Status.ShouldBe(200);
        lowered.Header("x-output-limit").ShouldBe("100");
        lowered.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBeLessThanOrEqualTo(100);
        refused.Status.ShouldBe(403);
        refused.Code.ShouldBe("limit_output_tokens_per_day");
    }

    [Fact]
    public async Task What_a_backend_did_not_take_is_given_back()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Event, 1);
        await gateway.Simulator.FailAsync(new { kind = "status", status = 429, times = 3 });

        for (var i = 0; i < 3; i++)
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(503);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData(true, "event_paused")]
    [InlineData(false, "limit_requests_per_event")]
    public async Task Who_takes_time_over_the_body_is_let_in_by_what_holds_when_it_is_complete(bool pause, string code)
    {
        var complete = new TaskCompletionSource();
        var waiting = time.WaitingTimers;
        using var request = new HttpRequestMessage(HttpMethod.Post, Asking.Chat) { Content = new SlowBody(Asking.Hello, complete.Task), Headers = { { "openai-event-code", "hackathon/ann" } } };
        var asking = gateway.Client.AskAsync(request);
        await time.UntilWaitingAsync(waiting + 1);

        if (pause)
            await gateway.ChangeEventAsync(e => e with { State = EventState.Paused });
        else
            await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Event, 0);
        time.Advance(TimeSpan.FromSeconds(1));
        complete.SetResult();

        (await asking).ShouldBeRefusal(403, code);
        (await ServedAsync("requests")).ShouldBe(0);
    }

    [Fact]
    public async Task A_raised_cap_is_for_one_attendee_and_a_changed_one_for_everybody_from_the_next_request_on()
    {
        var limit = await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Event, 1);
        foreach (var user in new[] { "ann", "bob" })
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"hackathon/{user}")).Status.ShouldBe(200);

        await gateway.ChangeAsync(change => change.Limits.SetCapAsync(Hackathon, limit, 2));

        foreach (var user in new[] { "ann", "bob" })
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"hackathon/{user}")).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(403);
        var ann = gateway.Services.GetRequiredService<Domain.KeyRing>().FindAttendee(Hackathon, "ann")!;
        await gateway.ChangeAsync(change => change.Limits.RaiseAsync(ann.Id, limit, 3));

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/bob")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Half_an_hour_of_a_day_that_begins_in_the_middle_of_an_hour_elsewhere_counts_in_that_day()
    {
        // A quarter past midnight in Kolkata.
        time.Set(TimeSpan.FromHours(6.75));
        await gateway.ChangeEventAsync(e => e with { TimeZone = "Asia/Kolkata" });
        await LimitAsync(LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Day, 1);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).ShouldBeRefusal(403, "limit_requests_per_day");
    }

    [Fact]
    public async Task Little_is_enough_for_whoever_asks_for_little()
    {
        await LimitAsync(LimitScope.Attendee, LimitUnit.OutputTokens, LimitWindow.Event, 10);

        (await gateway.Client.AskAsync(Asking.Chat, """{"max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Choices_share_what_is_set_aside_for_output()
    {
        await gateway.ChangeEventAsync(e => e with { OutputCap = 512 });
        await LimitAsync(LimitScope.Attendee, LimitUnit.OutputTokens, LimitWindow.Event, 100_000);
        await gateway.Simulator.FailAsync(new { kind = "hold" });
        var asking = gateway.Client.AskAsync(Asking.Chat, """{"n":4,"messages":[{"role":"user","content":"hello"}]}""");
        await gateway.Simulator.HeldAsync(1);

        (await gateway.Ledger.BalancesAsync()).ShouldHaveSingleItem().Balance.Reserved.ShouldBe(512);

        await gateway.Simulator.ReleaseAsync();
        (await asking).Status.ShouldBe(200);
    }

    private Task<long> LimitAsync(LimitScope scope, LimitUnit unit, LimitWindow window, long cap) =>
        gateway.ChangeAsync(change => change.Limits.AddAsync(Hackathon, new Limit(0, scope, unit, window, cap)));

    private async Task<Answer[]> AskAtOnceAsync(int count, Func<int, string> body) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => gateway.Client.AskAsync(Asking.Chat, body(i))));

    private Task<Answer> AskStreamedAsync() => gateway.Client.AskAsync(Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");

    private async Task<long> ServedAsync(string what) => (await gateway.Simulator.ServedAsync()).GetProperty("total").GetProperty(what).GetInt64();

    /// <summary>A body whose second half comes later.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] text;
        private readonly Task complete;

        public SlowBody(string json, Task complete)
        {
            (text, this.complete) = (Encoding.UTF8.GetBytes(json), complete);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(text.AsMemory(0, text.Length / 2));
            await stream.FlushAsync();
            await complete;
            await stream.WriteAsync(text.AsMemory(text.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = text.Length;
            return true;
        }
    }
}
