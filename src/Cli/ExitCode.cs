namespace OpenAIProxy.Cli;

/// <summary>What a script learns from the exit code. A contract: never change a number.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Refused = 1;
    public const int WrongUsage = 2;
    public const int Unreachable = 3;
    public const int NotAllowed = 4;
    public const int Conflict = 5;
    public const int WouldChange = 6;
    public const int Differs = 7;
    public const int Failed = 8;
    public const int Interrupted = 130;

    public const string Explained = """
        Exit codes:
          0  done
          1  refused by the server, which says why; or answered no
          2  wrong usage
          3  the server cannot be reached
          4  not allowed: no token, a wrong one, or one that may not do this
          5  conflict: changed by somebody meanwhile, there already, in use, or not at this point of an event's life
          6  apply --dry-run found changes
          7  ledger verify found differences
          8  failed on this machine: a file or the output could not be written, or this program has a mistake
        130  interrupted, as by Ctrl+C
        """;
}
