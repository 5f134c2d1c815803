namespace OpenAIProxy.Server;

/// <summary>How the process ends where it does not end well; 0 is well.</summary>
internal static class ExitCode
{
    /// <summary>It could not do what it was asked to, such as listen, or write a backup.</summary>
    public const int Failed = 1;

    /// <summary>It was told something that cannot be: a line for each such setting or option says what would do.</summary>
    public const int WrongSettings = 2;
}
