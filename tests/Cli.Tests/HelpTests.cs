using System.CommandLine;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Every_command_says_how_it_is_used_and_documents_its_options()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var verbs = Verbs(CommandLine.Create(cli.Surroundings())).ToList();

        foreach (var verb in verbs)
        {
            var words = verb.PathFromRoot().Skip(1).ToArray();
            (await cli.RunAsync([.. words, "--help"])).ShouldBe(0);
            cli.Output.ShouldContain("Example:");
            cli.Output.ShouldContain("Exit codes:");
            verb.Example.ShouldContain("openai-proxy " + string.Join(' ', words));
            foreach (var option in verb.Options)
                (option.Description ?? "").ShouldNotBeEmpty($"{verb.Name} {option.Name}");
            foreach (var argument in verb.Arguments)
                (argument.Description ?? "").ShouldNotBeEmpty($"{verb.Name} {argument.Name}");
        }

        verbs.Count.ShouldBe(61);
    }

    [Fact]
    public async Task Every_example_is_a_line_the_program_takes()
    {
        await using var cli = await CliUnderTest.StartAsync();

        foreach (var line in Verbs(CommandLine.Create(cli.Surroundings())).SelectMany(v => v.Example.Split('\n')).Where(l => l.StartsWith("openai-proxy", StringComparison.Ordinal)))
            CommandLine.Create(cli.Surroundings()).Parse(line.Split('>')[0].Trim()).Errors.Select(e => e.Message).ShouldBeEmpty(line);
    }

    [Fact]
    public async Task A_group_without_a_command_is_wrong_usage()
    {
        await using var cli = await CliUnderTest.StartAsync();

        (await cli.RunAsync("event")).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("See: openai-proxy event --help");
    }

    private static IEnumerable<Verb> Verbs(Command command) => command.Hidden ? []
        : command is Verb verb ? [verb] : command.Subcommands.SelectMany(Verbs);
}
