using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using OpenAIProxy.Cli.Attendees;
using OpenAIProxy.Cli.Audit;
using OpenAIProxy.Cli.Catalog;
using OpenAIProxy.Cli.Completion;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Documents;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Keys;
using OpenAIProxy.Cli.Limits;
using OpenAIProxy.Cli.Refusals;
using OpenAIProxy.Cli.Terminals;
using OpenAIProxy.Cli.Tokens;
using OpenAIProxy.Cli.Usage;

namespace OpenAIProxy.Cli;

/// <summary>The table of contents: which commands there are, and how one is run.</summary>
internal static class CommandLine
{
    public const string Name = "openai-proxy";

    // A user id may begin with '@', which must not be read as a file of arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    public static Command Create(Surroundings surroundings)
    {
        var root = new Command(Name, "Runs the events of an Azure OpenAI Proxy: gives a group of people Azure OpenAI for a limited time.")
        {
            EventCommands.Create(),
            AttendeeCommands.Create(),
            KeyCommands.Create(),
            LimitCommands.Create(),
            UsageShow.Create(),
            RefusalShow.Create(),
            EntryList.Create(),
            LedgerCommands.Create(),
            ModelCommands.Create(),
            PriceCommands.Create(),
            BackendCommands.Create(),
            DeploymentCommands.Create(),
            TokenCommands.Create(),
            AuditList.Create(),
            ApplyDocument.Create(),
            ExportDocument.Create(),
            WhoAmI.Create(),
            CompletionCommands.Create(),
            CompleteLine.Create(),
        };
        GlobalOptions.AddTo(root);
        root.Options.Add(new HelpOption { Action = new ExplainedHelp() });
        root.Options.Add(new VersionOption());
        Connect(root, surroundings);
        return root;
    }

    public static ParseResult Parse(Surroundings surroundings, IReadOnlyList<string> args) => Create(surroundings).Parse(args, Parsing);

    /// <summary>A whole line, as the shell asks about it while it is typed.</summary>
    public static ParseResult Parse(Surroundings surroundings, string line) => Create(surroundings).Parse(line, Parsing);

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = Parse(surroundings, args);
        if (parsed.Action is ParseErrorAction)
            return await SayWrongUsageAsync(parsed, surroundings);
        try
        {
            return await parsed.InvokeAsync(new()
            {
                Output = surroundings.Terminal.Output,
                Error = surroundings.Terminal.Error,
                EnableDefaultExceptionHandler = false,
            });
        }
#pragma warning disable CA1031 // The last one there is: a person gets a sentence and a script an exit code, whatever it was.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            await surroundings.Terminal.Error.WriteLineAsync(Unforeseen(failed));
            return ExitCode.Failed;
        }
    }

    private static string Unforeseen(Exception failed) => failed is IOException or UnauthorizedAccessException
        ? $"This machine could not do it: {Printable.From(failed.Message)}"
        : $"A mistake of this program, which is worth a report: {failed.GetType().Name}, {Printable.From(failed.Message)}";

    private static async Task<int> SayWrongUsageAsync(ParseResult parsed, Surroundings surroundings)
    {
        foreach (var error in parsed.Errors)
            await surroundings.Terminal.Error.WriteLineAsync(Words(error));
        var path = string.Join(' ', parsed.CommandResult.Command.PathFromRoot());
        await surroundings.Terminal.Error.WriteLineAsync($"See: {path} --help");
        return ExitCode.WrongUsage;
    }

    // The library names the command that something is missing of, and not what.
    private static string Words(ParseError error) => error.SymbolResult is ArgumentResult { Parent: CommandResult, Tokens.Count: 0, Argument: var missing }
        ? $"<{missing.HelpName}> is missing: {missing.Description}"
        : error.Message;

    private static void Connect(Command command, Surroundings surroundings)
    {
        if (command is Verb verb)
            verb.SetAction((parsed, cancellation) => Invocation.RunAsync(verb, parsed, surroundings, cancellation));
        foreach (var below in command.Subcommands)
            Connect(below, surroundings);
    }
}
