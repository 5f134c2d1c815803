using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Tests;

/// <summary>What is typed, what is printed, and the exit code.</summary>
public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Help_says_every_option()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        exitCode.ShouldBe(0);
        foreach (var option in new[] { "--only", "--rounds", "--seconds", "--full", "--durability",
            "--gateway-env", "--list", "--server", "--passthrough", "--upstream", "--nginx", "--work", "--results", "--chart" })
            output.ShouldContain(option);
    }

    [Fact]
    public async Task List_says_every_scenario_and_measures_nothing()
    {
        var (exitCode, output, _) = await RunAsync("--list");

        exitCode.ShouldBe(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ShouldBe(AllScenarios.All.Select(scenario => scenario.Name));
    }

    [Theory]
    [InlineData("'nonsense'", "--only", "nonsense")]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("many", "--rounds", "many")]
    [InlineData("NAME=VALUE", "--gateway-env", "JUST_A_NAME")]
    public async Task What_nobody_understands_is_refused(string said, params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync([.. arguments, .. Paths(Program())]);

        exitCode.ShouldBe(1);
        error.ShouldContain(said);
    }

    [Fact]
    public async Task Without_something_that_was_built_it_says_who_builds_it()
    {
        var (exitCode, _, error) = await RunAsync(Paths(Path.Combine(folder.Path, "missing.dll")));

        exitCode.ShouldBe(1);
        error.ShouldContain("bench/run");
    }

    [Fact]
    public async Task Server_that_does_not_start_fails_its_scenario_by_name_and_the_run()
    {
        var (exitCode, output, error) = await RunAsync([.. Paths(Program()), "--only", "chat-1"]);

        exitCode.ShouldBe(1);
        error.ShouldContain("chat-1: A server ended with exit code");
        output.ShouldContain("**Failed: chat-1:**");
        folder.Read("results/part.json").ShouldContain("\"scenario\": \"chat-1\"");
    }

    // A file that is no program.
    private string Program()
    {
        var file = Path.Combine(folder.Path, "program.dll");
        File.WriteAllText(file, "nothing");
        return file;
    }

    private string[] Paths(string program) =>
    [
        "--server", program, "--passthrough", program, "--upstream", program, "--nginx", "/bin/true",
        "--work", folder.Path, "--results", Path.Combine(folder.Path, "results"), "--chart", Path.Combine(folder.Path, "bench.svg"),
    ];

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await BenchCommand.RunAsync(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
