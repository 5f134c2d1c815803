namespace OpenAIProxy.Simulator.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task Help_teaches()
    {
        var output = new StringWriter();

        (await SimulatorCommand.RunAsync(["--help"], output, new StringWriter())).ShouldBe(0);

        foreach (var word in new[] { "--url", "--latency", "--seed", "--faults", "--key", "--deployment",
            "--base-path", "--no-record", "--https-url", "--certificate-directory", "curl", "/simulator/served", "/simulator/tokens" })
            output.ToString().ShouldContain(word);
    }

    [Theory]
    [InlineData("--latency", "slow", "is not a latency")]
    [InlineData("--deployment", "mine", "is not a deployment")]
    [InlineData("--deployment", "mine=gpt-9", "is not a model")]
    [InlineData("--deployment", "mine=gpt-4o,tpm=lots", "is not a quota")]
    [InlineData("--faults", "/nowhere/plan.json", "/nowhere/plan.json")]
    [InlineData("--latency", "ttft=3601s", "is not a latency")]
    [InlineData("--latency", "tps=0.01", "is not a latency")]
    [InlineData("--latency", "spread=20", "is not a latency")]
    [InlineData("--deployment", "größe=gpt-4o", "is not a deployment")]
    [InlineData("--base-path", "some/base", "does not begin with a slash")]
    [InlineData("--url", "nonsense", "is not a URL")]
    [InlineData("--url", "http://127.0.0.1:8090/base", "is not a URL")]
    [InlineData("--url", "http://127.0.0.1:8090?x", "is not a URL")]
    [InlineData("--url", "http://me@127.0.0.1:8090", "is not a URL")]
    [InlineData("--colour", "blue", "--colour")]
    public async Task A_wrong_argument_ends_with_one_line_that_says_so(string option, string value, string part)
    {
        var error = new StringWriter();

        (await SimulatorCommand.RunAsync([option, value], new StringWriter(), error)).ShouldBe(1);

        error.ToString().ShouldContain(part);
        Should.Throw<ArgumentException>(() => SimulatorApplication.Create([option, value])).Message.ShouldContain(part);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_with_one_line_that_says_so()
    {
        await using var other = await SimulatorUnderTest.StartAsync([]);
        var error = new StringWriter();

        (await SimulatorCommand.RunAsync(["--url", other.Url("http:")], new StringWriter(), error)).ShouldBe(1);

        error.ToString().ShouldStartWith("The simulator cannot listen: ");
        error.ToString().TrimEnd().ShouldNotContain('\n');
        error.ToString().ShouldContain("--url");
    }

    [Fact]
    public async Task A_free_port_can_be_one_of_localhost()
    {
        await using var app = SimulatorApplication.Create(["--url", "http://localhost:0"]);

        await app.StartAsync();

        app.Urls.Single().ShouldStartWith("http://127.0.0.1:");
    }

    [Fact]
    public async Task A_plan_can_come_from_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"faults":[{"kind":"status","status":503}]}""");

        await using var simulator = await SimulatorUnderTest.StartAsync(["--faults", file]);
        File.Delete(file);

        using var answer = await simulator.ChatAsync(Answers.Ask("Hello"));
        ((int)answer.StatusCode).ShouldBe(503);
    }

    [Fact]
    public async Task A_deployment_can_have_a_name_of_its_own()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "mine=gpt-4", "--deployment", "yours=gpt-4o"]);

        using var answer = await simulator.ChatAsync(Answers.Ask("Hello"), "yours");

        (await answer.JsonAsync()).GetProperty("model").GetString().ShouldBe("gpt-4o-2024-08-06");
    }
}
