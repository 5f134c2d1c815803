using System.CommandLine;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Completion;

/// <summary>What the shells' scripts ask: how a half-typed line may go on. Never asks the server, so that Tab never waits.</summary>
internal static class CompleteLine
{
    public const string Name = "__complete";

    public static Verb Create()
    {
        var position = new Argument<int>("position") { Description = "Where the cursor is in the line." };
        var line = Symbols.Text("LINE", "What is typed, from the name of the program on.");
        var verb = new Verb(Name, "Completes a line, for the scripts of completion.", $"openai-proxy {Name} -- 15 'openai-proxy ev'", run =>
            CompleteAsync(run, run.Need(line), run.Need(position)))
        {
            position, line,
        };
        verb.Hidden = true;
        return verb;
    }

    private static Task<int> CompleteAsync(Invocation run, string line, int position)
    {
        var typed = line[..Math.Clamp(position, 0, line.Length)];
        // However the program was called, by path or by alias: its name is up to the first space.
        var arguments = typed.IndexOf(' ') is var space && space >= 0 ? typed[(space + 1)..] : "";
        var labels = CommandLine.Parse(run.Surroundings, arguments).GetCompletions(arguments.Length)
            .Select(c => c.Label)
            .Where(label => !label.StartsWith("-?", StringComparison.Ordinal) && !label.StartsWith('/'))
            .Distinct();
        return run.PrintAsync(string.Join('\n', labels));
    }
}
