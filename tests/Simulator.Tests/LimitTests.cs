using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task Beyond_its_tokens_a_deployment_refuses_until_the_minute_is_over()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,tpm=1000"], time);
        (await StatusAsync(simulator, "\"max_tokens\":900")).ShouldBe(200);
        time.Advance(TimeSpan.FromSeconds(15.5));

        using var refused = await simulator.ChatAsync(Ask("Hello", "\"max_tokens\":900"), "small");

        ((int)refused.StatusCode).ShouldBe(429);
        (await refused.TextAsync()).ShouldBe("""{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 45 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."}}""");
        refused.Headers.GetValues("retry-after").ShouldBe(["45"]);
        refused.Headers.GetValues("retry-after-ms").ShouldBe(["44500"]);
        refused.Headers.GetValues("x-ratelimit-reset-tokens").ShouldBe(["45"]);
        refused.Headers.GetValues("x-ratelimit-limit-tokens").ShouldBe(["1000"]);
        refused.Headers.GetValues("x-ratelimit-remaining-tokens").Single().ShouldStartWith("-");
        time.Advance(TimeSpan.FromSeconds(44.5));
        (await StatusAsync(simulator, "\"max_tokens\":900")).ShouldBe(200);
    }

    [Fact]
    public async Task Requests_are_limited_in_slices_of_ten_seconds()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,rpm=12"], time);

        var statuses = new List<int> { await StatusAsync(simulator), await StatusAsync(simulator), await StatusAsync(simulator) };
        time.Advance(TimeSpan.FromSeconds(10));
        statuses.Add(await StatusAsync(simulator));

        statuses.ShouldBe([200, 200, 429, 200]);
    }

    [Fact]
    public async Task From_six_hundred_a_minute_a_slice_is_a_second()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,rpm=600"], time);
        for (var request = 0; request < 10; request++)
            (await StatusAsync(simulator)).ShouldBe(200);

        using var refused = await simulator.ChatAsync(Ask("Hello"), "small");

        (await refused.TextAsync()).ShouldContain("have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 1 seconds.");
        time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(simulator)).ShouldBe(200);
    }

    [Fact]
    public async Task Fewer_than_six_a_minute_are_limited_by_the_minute()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,rpm=2"], time);

        var statuses = new List<int> { await StatusAsync(simulator), await StatusAsync(simulator) };
        time.Advance(TimeSpan.FromSeconds(59));
        statuses.Add(await StatusAsync(simulator));
        time.Advance(TimeSpan.FromSeconds(1));
        statuses.Add(await StatusAsync(simulator));

        statuses.ShouldBe([200, 200, 429, 200]);
    }

    [Theory]
    [InlineData("\"max_tokens\":-2000000000")]
    [InlineData("\"max_tokens\":-2000000000,\"n\":2000000000")]
    public async Task A_request_for_less_than_nothing_gives_no_tokens_back(string less)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,tpm=1000"], new ManualTime());
        (await StatusAsync(simulator, "\"max_tokens\":900")).ShouldBe(200);

        (await StatusAsync(simulator, less)).ShouldBe(400);

        (await StatusAsync(simulator, "\"max_tokens\":900")).ShouldBe(429);
    }

    [Fact]
    public async Task Requests_for_more_than_can_be_counted_are_refused_and_not_failed_on()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,tpm=1000"], new ManualTime());
        const string all = "\"max_tokens\":2147483647,\"n\":2147483647";

        int[] statuses = [await StatusAsync(simulator, all), await StatusAsync(simulator, all), await StatusAsync(simulator, all)];

        statuses.ShouldBe([429, 429, 429]);
    }

    [Fact]
    public async Task A_request_with_a_wrong_body_counts_as_well()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,rpm=6"], new ManualTime());

        using var wrong = await simulator.ChatAsync("{}", "small");

        (await StatusAsync(simulator)).ShouldBe(429);
    }

    [Fact]
    public async Task A_refused_request_uses_nothing()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "small=gpt-4o,tpm=10"], new ManualTime());

        (await StatusAsync(simulator, "\"max_tokens\":20")).ShouldBe(429);

        (await simulator.ServedAsync()).Total("promptTokens").ShouldBe(0);
        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
    }

    private static async Task<int> StatusAsync(SimulatorUnderTest simulator, string more = "")
    {
        using var answer = await simulator.ChatAsync(Ask("Hello", more), "small");
        return (int)answer.StatusCode;
    }
}
