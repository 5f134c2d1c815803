namespace OpenAIProxy.Cli.Terminals;

/// <summary>New files that only their owner may read. What is there already is not written over.</summary>
internal static class PrivateFile
{
    /// <exception cref="CommandFailedException">It is there already, or cannot be made.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.WrongUsage, $"{unwritable.Message} Name another file.");
        }
    }
}
