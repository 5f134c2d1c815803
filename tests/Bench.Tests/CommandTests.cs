using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Tests;

/// <summary>Programs that the bench runs to their end.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Program_that_is_not_installed_has_the_exit_code_that_a_shell_gives_it() =>
        (await Command.RunAsync("no-program-has-this-name", [], TestContext.Current.CancellationToken)).ShouldBe((127, ""));

    [Fact]
    public async Task What_a_program_prints_comes_with_its_exit_code() =>
        (await Command.RunAsync("/bin/sh", ["-c", "echo one; exit 3"], TestContext.Current.CancellationToken)).ShouldBe((3, "one"));
}
