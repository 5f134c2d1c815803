using System.Globalization;
using System.Text;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>A data directory that this process owns until it is disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    public const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;
    private const string DatabaseName = "openai-proxy.db";
    private const string LockName = "lock";
    private const string OwnerName = "lock.process";

    private readonly FileStream held;

    private DataDirectory(FileStream held) => this.held = held;

    public static string DatabaseIn(string directory) => Path.Combine(directory, DatabaseName);

    /// <summary>For whoever must not make one, such as a verb that was told a mistyped directory.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public static string DatabaseThatIsIn(string directory) => DatabaseIn(directory) is var path && File.Exists(path)
        ? path
        : throw new StorageException($"There is no database in '{directory}': name its directory with --data.");

    /// <exception cref="StorageException">The directory cannot be made or written, or another process owns it.</exception>
    public static DataDirectory Claim(string directory)
    {
        DataDirectory? claimed = null;
        try
        {
            Make(directory);
            claimed = new DataDirectory(Lock(directory));
            WriteOwner(directory);
            return claimed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            claimed?.Dispose();
            throw new StorageException(
                $"The data directory '{directory}' cannot be used ({e.Message.TrimEnd('.')}): choose one with --data that this user may write to.", e);
        }
    }

    /// <summary>Makes the directory for its owner only. One that is there already keeps its permissions: they are its owner's business.</summary>
    public static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }
        Directory.CreateDirectory(directory, OwnerOnlyDirectory);
    }

    /// <summary>Makes the database's file for its owner only, if there is none; SQLite gives its other files the same permissions.</summary>
    public static void MakeDatabase(string path)
    {
        using var _ = OpenForOwner(path, FileShare.ReadWrite | FileShare.Delete);
    }

    public void Dispose() => held.Dispose();

    private static FileStream Lock(string directory)
    {
        try
        {
            return OpenForOwner(Path.Combine(directory, LockName), FileShare.None);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new StorageException(
                $"The data directory '{directory}' is in use by another process{Owner(directory)}: stop that one, or choose another directory with --data.", e);
        }
    }

    // EWOULDBLOCK on Linux and on macOS, and Windows' sharing violation: there is no exception of its own for it.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    public static FileStream OpenForOwner(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnlyFile;
        return new FileStream(path, options);
    }

    // Beside the lock, because the file that is locked cannot be read.
    private static void WriteOwner(string directory)
    {
        using var stream = OpenForOwner(Path.Combine(directory, OwnerName), FileShare.ReadWrite);
        stream.SetLength(0);
        stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Owner(string directory)
    {
        try
        {
            return $" ({File.ReadAllText(Path.Combine(directory, OwnerName))})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
