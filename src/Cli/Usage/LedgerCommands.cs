using System.CommandLine;

namespace OpenAIProxy.Cli.Usage;

internal static class LedgerCommands
{
    public static Command Create() => new("ledger", "The books behind limits and usage.")
    {
        LedgerVerify.Create(),
    };
}
