using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>The usual help, followed by an example to paste and what the exit codes mean.</summary>
internal sealed class ExplainedHelp : SynchronousCommandLineAction
{
    private const string Start = """
        From nothing to a running event:
          openai-proxy backend add azure --endpoint https://NAME.openai.azure.com --key env:AZURE_OPENAI_KEY --deploy gpt-4o
          openai-proxy event create hack --open

        The server is found by --admin-url or OPENAIPROXY_ADMIN_URL, the token by --token-file, OPENAIPROXY_ADMIN_TOKEN or
        data/admin-token below the current directory. A secret is given as env:NAME, file:PATH or - (standard input).
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        new HelpAction().Invoke(parseResult);
        if (command is Verb verb)
            output.WriteLine($"Example:{Environment.NewLine}{Indented(verb.Example)}{Environment.NewLine}");
        else if (command.Parents.Any())
            output.WriteLine($"Example:{Environment.NewLine}{Indented(command.Subcommands.OfType<Verb>().First().Example)}{Environment.NewLine}");
        else
            output.WriteLine(Start + Environment.NewLine);
        output.WriteLine(ExitCode.Explained);
        return ExitCode.Ok;
    }

    private static string Indented(string lines) =>
        string.Join(Environment.NewLine, lines.Split('\n').Select(line => "  " + line.TrimEnd()));
}
