using System.CommandLine;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyCommands
{
    public static Command Create() => new("key", "Keys of attendees: shown once, when they are made.")
    {
        KeyIssue.Create(), KeyImport.Create(), KeyList.Create(), KeyRotate.Create(), KeyRevoke.Create(),
    };
}
