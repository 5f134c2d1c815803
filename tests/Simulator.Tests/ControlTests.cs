using System.Net;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task A_request_is_kept_with_all_but_its_credential()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "my own=gpt-4o"]);
        simulator.Http.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        simulator.Http.DefaultRequestHeaders.Add("x-own", "1");

        using var answer = await simulator.PostAsync("/openai/deployments/my%20own/chat/completions?api-version=2024-10-21&x=%20", Ask("Hello"));
        var request = (await simulator.RequestsAsync("ended=1")).Single();

        request.GetProperty("method").GetString().ShouldBe("POST");
        request.GetProperty("path").GetString().ShouldBe("/openai/deployments/my%20own/chat/completions");
        request.GetProperty("query").GetString().ShouldBe("?api-version=2024-10-21&x=%20");
        request.GetProperty("body").GetString().ShouldBe(Ask("Hello"));
        request.GetProperty("status").GetInt32().ShouldBe(200);
        request.GetProperty("headers").GetProperty("x-own").GetString().ShouldBe("1");
        request.GetProperty("headers").GetProperty("api-key").GetString()!.ShouldMatch("^present:[0-9a-f]{12}$");
        request.GetProperty("headers").GetProperty("authorization").GetString()!.ShouldMatch("^present:[0-9a-f]{12}$");
        request.GetRawText().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_reset_forgets_counts_and_requests_and_what_ends_later_does_not_come_back()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"hold","times":1}""");
        var held = simulator.ChatAsync(Ask("Hello"));
        await simulator.RequestsAsync("held=1");

        (await simulator.Http.DeleteAsync("/simulator/served")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await simulator.ReleaseAsync();
        (await held).Dispose();

        (await simulator.ServedAsync()).Total("requests").ShouldBe(0);
        (await simulator.ServedAsync()).Total("completed").ShouldBe(0);
        (await simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Waiting_in_vain_ends_after_thirty_seconds()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);

        var answer = simulator.Http.GetAsync("/simulator/requests?started=1");
        await time.TimerAsync();

        time.AdvanceToNext().ShouldBe(TimeSpan.FromSeconds(30));
        (await answer).StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Without_a_record_requests_are_counted_all_the_same()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--no-record"]);

        (await simulator.ChatAsync(Ask("Hello"))).Dispose();

        (await simulator.RequestsAsync("ended=1")).ShouldBeEmpty();
        (await simulator.ServedAsync()).Total("requests").ShouldBe(1);
    }

    [Fact]
    public async Task Requests_for_nothing_we_know_are_counted_in_the_total()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        (await simulator.Http.GetAsync("/nothing")).Dispose();

        var served = await simulator.ServedAsync();
        served.Total("failed").ShouldBe(1);
        served.GetProperty("deployments").EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_base_path_may_stand_before_the_rest()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--base-path", "/some/base/"]);

        using var within = await simulator.PostAsync("/some/base/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", Ask("Hello"));
        using var without = await simulator.ChatAsync(Ask("Hello"));

        within.StatusCode.ShouldBe(HttpStatusCode.OK);
        without.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
