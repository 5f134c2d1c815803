using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Tests;

/// <summary>The guide's table of commands is what the program says of them.</summary>
public sealed class CommandGuideTests
{
    // As a line of its own, in $(…), or in backticks, where tables leave the program's name out.
    private const string Named = @"(^openai-proxy|\$\(openai-proxy|`openai-proxy|(?<=`)(?=(event|attendee|key|model|backend|deployment|token|limit|price) [a-z])) ?(?<words>[a-z][^`\n>)|#]*)";

    private const string Page = "docs/guide/command-line.md";
    private const string Rewrite = "OPENAIPROXY_WRITE_DOCS";
    private const string Begin = "<!-- Made from --help. -->\n";
    private const string End = "<!-- Until here. -->\n";

    private static readonly string Path = System.IO.Path.Combine(Root(), Page);

    [Fact]
    public async Task Table_is_what_help_says()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var table = Table(CommandLine.Create(cli.Surroundings()));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(Path, With(await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken), table), TestContext.Current.CancellationToken);

        var page = await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken);

        page.ShouldBe(With(page, table), $"A part of {Page} is made from the commands. Run the tests of this project with {Rewrite}=1 and commit what changes.");
    }

    [Fact]
    public async Task Exit_codes_are_what_help_says()
    {
        var page = await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken);

        foreach (Match code in Regex.Matches(ExitCode.Explained, @"^ +(?<code>\d) +(?<text>.+)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)))
            page.ShouldContain($"| {code.Groups["code"].Value} | {code.Groups["text"].Value.Trim()} |");
    }

    [Fact]
    public async Task Commands_that_the_guides_name_are_taken()
    {
        await using var cli = await CliUnderTest.StartAsync();
        var guides = Directory.EnumerateFiles(System.IO.Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories).Append(System.IO.Path.Combine(Root(), "README.md"));

        // A guide may name a command without all that it needs.
        foreach (var guide in guides)
            foreach (Match command in Regex.Matches(await File.ReadAllTextAsync(guide, TestContext.Current.CancellationToken), Named,
                RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
                CommandLine.Create(cli.Surroundings()).Parse(command.Groups["words"].Value.Trim()).Errors
                    .Select(e => e.Message).Where(message => !message.Contains("required", StringComparison.OrdinalIgnoreCase))
                    .ShouldBeEmpty($"{guide}: {command.Value}");
    }

    private static string Table(Command root)
    {
        var table = new StringBuilder();
        foreach (var group in root.Subcommands.Where(c => !c.Hidden && c is not Verb))
        {
            table.Append($"\n**{group.Name}**: {group.Description}\n\n| command | what it does |\n|---|---|\n");
            foreach (var verb in Verbs(group))
                table.Append(Row(verb));
        }
        table.Append("\n**The rest**\n\n| command | what it does |\n|---|---|\n");
        foreach (var verb in root.Subcommands.OfType<Verb>().Where(v => !v.Hidden))
            table.Append(Row(verb));
        return table.Append('\n').ToString();
    }

    private static string Row(Verb verb)
    {
        var arguments = verb.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $" [{a.HelpName}]" : $" {a.HelpName}");
        return $"| `{string.Join(' ', verb.PathFromRoot().Skip(1))}{string.Concat(arguments)}` | {verb.Description} |\n";
    }

    private static IEnumerable<Verb> Verbs(Command command) => command is Verb verb ? [verb] : command.Subcommands.SelectMany(Verbs);

    private static string With(string page, string table)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        (begin >= 0 && end > begin).ShouldBeTrue($"{Page} needs the lines {Begin.Trim()} and {End.Trim()}");
        return page[..(begin + Begin.Length)] + table + page[end..];
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "OpenAIProxy.slnx")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
