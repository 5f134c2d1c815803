using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>Guides show what is typed and what is printed; what they show is what happens.</summary>
public sealed partial class TranscriptTests
{
    private const string Organisers = "docs/guide/organisers.md";
    private const string EntraSignIn = "docs/guide/entra-sign-in.md";
    private const int MostCommands = 4;

    [Theory]
    [InlineData(Organisers)]
    [InlineData(EntraSignIn)]
    public async Task Commands_of_the_guide_print_what_the_guide_says(string guide)
    {
        await using var installation = await new NewInstallation().StartAsync();

        foreach (var step in Blocks(guide).SelectMany(steps => steps))
        {
            var ended = await installation.TypeAsync(step.Command);

            ended.ExitCode.ShouldBe(0, $"{step.Command}\n{ended.Output}");
            ShouldBeAsInTheGuide(installation.WithUsualPorts(ended.Output), step, guide);
        }
    }

    [Fact]
    public void It_takes_no_more_than_four_commands_from_nothing_to_a_streamed_answer()
    {
        var commands = Blocks(Organisers)[0].Select(s => s.Command).ToList();

        commands.Count.ShouldBeLessThanOrEqualTo(MostCommands);
        commands.ShouldContain(c => c.Contains("openai-proxy event create", StringComparison.Ordinal));
        commands[^1].ShouldContain("\"stream\": true");
    }

    // The blocks of the guide whose fence says console. A command may go on in the next line after a backslash.
    private static List<List<Step>> Blocks(string guide)
    {
        var blocks = Regex.Matches(File.ReadAllText(Repository.PathOf(guide)), @"^```console\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        blocks.ShouldNotBeEmpty($"{guide} has no block that begins with ```console");
        return [.. blocks.Select(block => Steps(block.Groups["lines"].Value))];
    }

    private static List<Step> Steps(string lines) =>
        [.. Regex.Matches(lines, @"^\$ (?<command>(?:[^\n]*\\\n)*[^\n]*)\n(?<output>(?:(?!\$ )[^\n]*\n)*)", RegexOptions.Multiline, TimeSpan.FromSeconds(1))
            .Select(m => new Step(m.Groups["command"].Value, m.Groups["output"].Value))];

    // A line with nothing but … stands for any number of lines.
    private static void ShouldBeAsInTheGuide(string printed, Step step, string guide)
    {
        var expected = Lines(step.Output).Select(line => line == "…" ? @"(?:[^\n]*\n)*?" : Regex.Escape(line) + "\n");
        var actual = string.Concat(Lines(printed).Select(line => line + "\n"));
        Regex.IsMatch(actual, $@"\A{string.Concat(expected)}\z", RegexOptions.None, TimeSpan.FromSeconds(5))
            .ShouldBeTrue($"$ {step.Command}\nprinted\n{printed}\nwhere {guide} says\n{step.Output}");
    }

    // What differs from one day to the next: times, ids, how long it took, and the words of a model.
    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Varying().Replace(line.TrimEnd(), "*"));

    [GeneratedRegex("""\d{4}-\d\d-\d\d \d\d:\d\d|(?<=, in )\d+(?= ms)|(?<="id":")[^"]+|(?<="created":)\d+|(?<="content":")(?:[^"\\]|\\.)+|(?<="system_fingerprint":")[^"]+""", RegexOptions.None, 1_000)]
    private static partial Regex Varying();

    private sealed record Step(string Command, string Output);
}
