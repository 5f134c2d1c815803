using System.CommandLine;

namespace OpenAIProxy.Cli.Invocations;

internal static class CommandPath
{
    /// <summary>The words that call a command: openai-proxy, event, show.</summary>
    public static IEnumerable<string> PathFromRoot(this Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. parent.PathFromRoot(), command.Name] : [command.Name];
}
