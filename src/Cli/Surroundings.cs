using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli;

/// <summary>All that a command knows of the machine it runs on, so that tests can run commands beside each other.</summary>
internal sealed record Surroundings(Terminal Terminal, Func<string, string?> Variable, string Directory, TimeProvider Time)
{
    public static Surroundings OfThisProcess() =>
        new(Terminal.OfThisProcess(), Environment.GetEnvironmentVariable, Environment.CurrentDirectory, TimeProvider.System);

    public string PathOf(string path) => Path.Combine(Directory, path);
}
