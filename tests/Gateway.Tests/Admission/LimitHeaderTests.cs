using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>What every answer says of what is left, and what a refusal adds.</summary>
public sealed class LimitHeaderTests : IAsyncLifetime
{
    private const string AzureChat = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    private const string Question = """{"messages":[{"role":"user","content":"[[tokens=8]]"}],"max_tokens":100}""";

    // Noon and a quarter of a second.
    private readonly ManualTime time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, 250, TimeSpan.Zero));
    private readonly GatewayUnderTest gateway;

    public LimitHeaderTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.ChangeEventAsync(e => e with { TimeZone = "UTC" });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Without_limits_nothing_is_said_of_them()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, Question);

        answer.Headers.Keys.ShouldNotContain(name => name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase));
        answer.Header("x-output-limit").ShouldBeNull();
    }

    [Theory]
    [InlineData(Asking.Chat, "1m0s", "12h0m0s")]
    [InlineData("/v1/chat/completions", "1m0s", "12h0m0s")]
    [InlineData(AzureChat, "60", "43200")]
    public async Task The_tightest_limits_are_told_as_the_clients_of_the_surface_know_it(string path, string minute, string day)
    {
        await LimitAsync(LimitUnit.Requests, LimitWindow.Minute, 5);
        await LimitAsync(LimitUnit.Requests, LimitWindow.Day, 500);
        await LimitAsync(LimitUnit.TotalTokens, LimitWindow.Day, 10_000);
        await LimitAsync(LimitUnit.OutputTokens, LimitWindow.Event, 90_000);

        var answer = await gateway.Client.AskAsync(path, Question);

        ShouldTell(answer, "requests", "5", "4", minute);
        answer.Header("x-ratelimit-limit-tokens").ShouldBe("10000");
        // The request's input at its bound and the output it may have are taken off already.
        long.Parse(answer.Header("x-ratelimit-remaining-tokens")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(9_850, 9_900);
        answer.Header("x-ratelimit-reset-tokens").ShouldBe(day);
        answer.Header("x-ratelimit-remaining-budget").ShouldBeNull();
    }

    [Fact]
    public async Task A_reset_below_a_second_is_in_milliseconds()
    {
        await LimitAsync(LimitUnit.Requests, LimitWindow.Minute, 5);
        time.Advance(TimeSpan.FromSeconds(59.73));

        ShouldTell(await gateway.Client.AskAsync(Asking.Chat, Question), "requests", "5", "4", "20ms");
        ShouldTell(await gateway.Client.AskAsync(AzureChat, Question), "requests", "5", "3", "1");
    }

    [Fact]
    public async Task The_budget_is_told_in_dollars_and_a_limit_for_the_whole_event_has_no_reset()
    {
        await gateway.ChangeAsync(change => change.Prices.PutAsync("gpt-4o", new Price(0, 0, 10_000_000, 0, new DateOnly(2026, 1, 1), "this test")));
        await LimitAsync(LimitUnit.Money, LimitWindow.Event, 1_500_000);

        ShouldTell(await gateway.Client.AskAsync(Asking.Chat, Question), "budget", "1.500000", "1.499000", null);

        // Eight tokens were used of the hundred that were set aside.
        ShouldTell(await gateway.Client.AskAsync(Asking.Chat, Question), "budget", "1.500000", "1.498920", null);
    }

    [Fact]
    public async Task Streams_and_failures_of_a_backend_tell_it_too()
    {
        await LimitAsync(LimitUnit.Requests, LimitWindow.Minute, 5);
        ShouldTell(await gateway.Client.AskAsync(Asking.Chat, Question.Replace("{\"messages", "{\"stream\":true,\"messages", StringComparison.Ordinal)), "requests", "5", "4", "1m0s");
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503 });

        var failed = await gateway.Client.AskAsync(Asking.Chat, Question);

        failed.ShouldBeRefusal(503, "backends_exhausted");
        ShouldTell(failed, "requests", "5", "3", "1m0s");
    }

    [Theory]
    [InlineData(LimitWindow.Minute, 429, "limit_requests_per_minute", "1m0s")]
    [InlineData(LimitWindow.Day, 403, "limit_requests_per_day", "12h0m0s")]
    [InlineData(LimitWindow.Event, 403, "limit_requests_per_event", null)]
    public async Task A_refusal_tells_it_too(LimitWindow window, int status, string code, string? reset)
    {
        await LimitAsync(LimitUnit.Requests, window, 1);
        (await gateway.Client.AskAsync(Asking.Chat, Question)).Status.ShouldBe(200);

        var refused = await gateway.Client.AskAsync(Asking.Chat, Question);

        refused.ShouldBeRefusal(status, code);
        ShouldTell(refused, "requests", "1", "0", reset);
        refused.Header("Retry-After").ShouldBe(status == 429 ? "60" : null);
        refused.Header("x-should-retry").ShouldBe(status == 429 ? null : "false");
    }

    [Fact]
    public async Task Of_two_that_leave_as_much_the_one_that_frees_later_is_told()
    {
        await LimitAsync(LimitUnit.Requests, LimitWindow.Minute, 5);
        await LimitAsync(LimitUnit.Requests, LimitWindow.Day, 5);

        ShouldTell(await gateway.Client.AskAsync(Asking.Chat, Question), "requests", "5", "4", "12h0m0s");
    }

    [Fact]
    public async Task An_output_limit_that_was_lowered_is_told_and_sent_upstream()
    {
        await LimitAsync(LimitUnit.OutputTokens, LimitWindow.Day, 80);

        var answer = await gateway.Client.AskAsync(Asking.Chat, Question);

        answer.Header("x-output-limit").ShouldBe("80");
        ShouldTell(answer, "tokens", "80", "0", "12h0m0s");
        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Field("max_tokens")!.Value.GetInt64().ShouldBe(80);
    }

    [Fact]
    public async Task A_page_may_read_it()
    {
        using var request = Asking.Post(Asking.Chat, Question);
        request.Headers.Add("Origin", "https://app.example");

        var exposed = (await gateway.Client.AskAsync(request)).Header("Access-Control-Expose-Headers")!;

        foreach (var name in new[] { "x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens", "x-ratelimit-remaining-budget", "x-output-limit", "retry-after" })
            exposed.ShouldContain(name);
    }

    private Task<long> LimitAsync(LimitUnit unit, LimitWindow window, long cap) =>
        gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse("hackathon"), new Limit(0, LimitScope.Attendee, unit, window, cap)));

    private static void ShouldTell(Answer answer, string kind, string limit, string remaining, string? reset)
    {
        answer.Header($"x-ratelimit-limit-{kind}").ShouldBe(limit);
        answer.Header($"x-ratelimit-remaining-{kind}").ShouldBe(remaining);
        answer.Header($"x-ratelimit-reset-{kind}").ShouldBe(reset);
    }
}
