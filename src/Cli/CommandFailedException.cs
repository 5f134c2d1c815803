namespace OpenAIProxy.Cli;

/// <summary>Ends a command: what to say on standard error, and the exit code.</summary>
internal sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>What the server answered, where it said no; null where it was not asked.</summary>
    public string? Problem { get; init; }
}
