using System.Net;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class FaultPlanTests
{
    [Fact]
    public async Task A_fault_skips_and_ends_as_often_as_it_says()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"status","status":500,"skip":1,"times":2}""");

        (await StatusesAsync(simulator, 5)).ShouldBe([200, 500, 500, 200, 200]);
    }

    [Fact]
    public async Task The_first_rule_that_is_due_applies()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"status","status":429,"times":1},{"kind":"status","status":503,"times":1}""");

        (await StatusesAsync(simulator, 3)).ShouldBe([429, 503, 200]);
    }

    [Fact]
    public async Task A_rule_can_be_for_one_deployment_or_operation()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"status","status":500,"deployment":"gpt-4"},{"kind":"status","status":503,"operation":"embeddings"}""");

        using var other = await simulator.ChatAsync(Ask("Hello"));
        using var named = await simulator.ChatAsync(Ask("Hello"), "gpt-4");
        using var embedding = await simulator.EmbedAsync("""{"input":"x"}""");

        new[] { other, named, embedding }.Select(answer => (int)answer.StatusCode).ShouldBe([200, 500, 503]);
    }

    [Fact]
    public async Task Chance_is_the_same_under_the_same_seed()
    {
        const string plan = """{"kind":"status","status":500,"probability":0.5}""";
        await using var simulator = await SimulatorUnderTest.StartAsync(["--seed", "5"]);
        await using var twin = await SimulatorUnderTest.StartAsync(["--seed", "5"]);
        await simulator.PlanAsync(plan);
        await twin.PlanAsync(plan);

        var statuses = await StatusesAsync(simulator, 30);

        (await StatusesAsync(twin, 30)).ShouldBe(statuses);
        statuses.Count(status => status == 500).ShouldBeInRange(5, 25);
    }

    [Fact]
    public async Task The_plan_shows_how_often_each_rule_was_hit_and_can_be_taken_back()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"status","status":500,"times":1},{"kind":"status","status":503}""");
        await StatusesAsync(simulator, 3);

        var plan = await simulator.GetJsonAsync("/simulator/faults");
        plan.GetProperty("hits").EnumerateArray().Select(hits => hits.GetInt32()).ShouldBe([1, 2]);
        plan.GetProperty("faults")[0].GetProperty("times").GetInt32().ShouldBe(1);

        (await simulator.Http.DeleteAsync("/simulator/faults")).Dispose();
        (await StatusesAsync(simulator, 1)).ShouldBe([200]);
    }

    [Theory]
    [InlineData("""{"kind":"explode"}""", "faults[0].kind")]
    [InlineData("{}", "faults[0].kind")]
    [InlineData("""{"kind":"status"}""", "faults[0].status")]
    [InlineData("""{"kind":"status","body":"418-teapot"}""", "faults[0].body")]
    [InlineData("""{"kind":"status","status":99}""", "faults[0].status")]
    [InlineData("""{"kind":"hang","times":0}""", "faults[0].times")]
    [InlineData("""{"kind":"hang","probability":2}""", "faults[0].probability")]
    [InlineData("""{"kind":"hang","operation":"chat"}""", "faults[0].operation")]
    [InlineData("""{"kind":"hang","after":3}""", "faults[0].after")]
    [InlineData("""{"kind":"hang","deploymnet":"x"}""", "faults[0].deploymnet")]
    [InlineData("""{"kind":"reset","at":"end"}""", "faults[0].at")]
    [InlineData("""{"kind":"hang"},7""", "faults[1]")]
    [InlineData("""{"kind":"status","status":500,"headers":{"a":1}}""", "faults[0].headers")]
    [InlineData("""{"kind":"status","status":500,"headers":{"a b":"1"}}""", "faults[0].headers")]
    [InlineData("""{"kind":"status","status":500,"headers":{"a":"größe"}}""", "faults[0].headers")]
    [InlineData("""{"kind":"html","contentType":"text/html\n"}""", "faults[0].contentType")]
    [InlineData("""{"kind":"redirect","location":"https://größe.example/"}""", "faults[0].location")]
    [InlineData("""{"kind":"status","status":204}""", "faults[0].status")]
    [InlineData("""{"kind":"html","status":304}""", "faults[0].status")]
    public async Task A_plan_that_is_wrong_is_refused_by_the_name_of_the_field(string faults, string field)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.Http.PutAsync("/simulator/faults", new StringContent($$"""{"faults":[{{faults}}]}"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("param").GetString().ShouldBe(field);
        error.GetProperty("message").GetString().ShouldStartWith(field + ":");
    }

    [Fact]
    public async Task An_answer_without_a_body_may_have_a_status_that_has_none()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"emptyBody","status":204}""");

        (await StatusesAsync(simulator, 1)).ShouldBe([204]);
    }

    private static async Task<List<int>> StatusesAsync(SimulatorUnderTest simulator, int requests)
    {
        var statuses = new List<int>();
        for (var request = 0; request < requests; request++)
        {
            using var answer = await simulator.ChatAsync(Ask("Hello"));
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }
}
