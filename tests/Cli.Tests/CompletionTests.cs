using System.Diagnostics;

namespace OpenAIProxy.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("openai-proxy eve", "event")]
    [InlineData("openai-proxy event cr", "create")]
    [InlineData("/usr/local/bin/openai-proxy backend add azure --end", "--endpoint")]
    [InlineData("openai-proxy event list --state pa", "paused")]
    [InlineData("openai-proxy backend add azure --entra man", "managedIdentity")]
    [InlineData("openai-proxy event edit hack --stream-mode f", "faithful")]
    [InlineData("openai-proxy event edit hack --no-t", "--no-token-admission")]
    public async Task A_line_is_completed(string line, string expected)
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("__complete", "--", line.Length.ToString(), line)).ShouldBe(0, cli.Error);

        cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldContain(expected);
        cli.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bash_takes_the_script_and_completes_with_the_program_itself()
    {
        await using var cli = await CliUnderTest.StartAsync();
        await cli.RunAsync("completion", "bash");
        var script = cli.Write("completion.bash", cli.Output);
        // The program under the name that people call it by.
        cli.Write("openai-proxy", $"#!/bin/sh\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");

        var said = await BashAsync(cli.Directory, $$"""
            chmod +x openai-proxy; PATH="$PWD:$PATH"
            bash -n {{script}} && source {{script}}
            COMP_LINE='openai-proxy event cl'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(openai-proxy event cl); COMP_CWORD=2
            _openai_proxy; printf '%s\n' "${COMPREPLY[@]}"; complete -p openai-proxy
            """);

        said.Split('\n')[0].ShouldBe("close");
        said.ShouldContain("-F _openai_proxy openai-proxy");
    }

    [Fact]
    public async Task Zsh_has_a_script_that_asks_the_same_question()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("completion", "zsh")).ShouldBe(0);

        cli.Output.ShouldContain("compdef _openai_proxy openai-proxy");
        cli.Output.ShouldContain("__complete --");
    }

    private static async Task<string> BashAsync(string directory, string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        (await error).ShouldBeEmpty();
        return output;
    }
}
