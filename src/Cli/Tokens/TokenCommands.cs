using System.CommandLine;

namespace OpenAIProxy.Cli.Tokens;

internal static class TokenCommands
{
    public static Command Create() => new("token", "Tokens for organisers and their scripts.")
    {
        TokenCreate.Create(), TokenList.Create(), TokenRevoke.Create(),
    };
}
