using System.Diagnostics;

namespace OpenAIProxy.Storage.Tests;

/// <summary>
/// A disk in memory that can be filled and made read-only. Where this process may mount, or sudo may, it is one of a mebibyte. Else it is a directory in the shared
/// memory of the machine, if that is as small as containers have it, and permissions make it read-only, if they bind this user.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const string SharedMemory = "/dev/shm";
    private const long MostShared = 256 * 1024 * 1024;

    private static readonly string[][] WaysToBeRoot = [[], ["sudo", "-n"]];

    // Whoever fills the shared memory fills it for the others too.
    private static readonly SemaphoreSlim Shared = new(1);

    private readonly string[]? asRoot;

    private SmallDisk(string path, string[]? asRoot)
    {
        Path = path;
        this.asRoot = asRoot;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "openai-proxy.db");

    public static SmallDisk Mount()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux has disks in memory.");
        var directory = Directory.CreateTempSubdirectory("storage-test-").FullName;
        if (Array.Find(WaysToBeRoot, way => Run([.. way, "mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", directory])) is { } asRoot)
            return new SmallDisk(directory, asRoot);
        Directory.Delete(directory);
        if (!Directory.Exists(SharedMemory) || new DriveInfo(SharedMemory).TotalSize > MostShared)
            Assert.Skip("Only who may mount, or has little shared memory, can have a disk that is full or read-only; build.sh says how.");
        Shared.Wait();
        return new SmallDisk(Directory.CreateDirectory(System.IO.Path.Combine(SharedMemory, System.IO.Path.GetFileName(directory))).FullName, asRoot: null);
    }

    /// <summary>Leaves no room at all.</summary>
    public void Fill()
    {
        var zeros = new byte[4_096];
        using var stream = new FileStream(System.IO.Path.Combine(Path, "ballast"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                stream.Write(zeros);
        }
        catch (IOException)
        {
            // That is the point.
        }
    }

    public void MakeRoom() => File.Delete(System.IO.Path.Combine(Path, "ballast"));

    /// <summary>Leaves room for a part of what comes.</summary>
    public void MakeRoom(int bytes)
    {
        using var ballast = File.OpenWrite(System.IO.Path.Combine(Path, "ballast"));
        ballast.SetLength(ballast.Length - bytes);
    }

    public void MakeReadOnly()
    {
        string[] command = asRoot is null ? ["chmod", "-R", "a-w", Path] : [.. asRoot, "mount", "-o", "remount,ro", Path];
        Run(command).ShouldBeTrue();
        if (asRoot is null && Environment.IsPrivilegedProcess && Run("touch", System.IO.Path.Combine(Path, "probe")))
            Assert.Skip("Permissions do not bind this user; build.sh sees to it that they do.");
    }

    public void MakeWritable()
    {
        string[] command = asRoot is null ? ["chmod", "-R", "u+w", Path] : [.. asRoot, "mount", "-o", "remount,rw", Path];
        Run(command).ShouldBeTrue();
    }

    public void Dispose()
    {
        if (asRoot is null)
        {
            MakeWritable();
            Directory.Delete(Path, recursive: true);
            Shared.Release();
            return;
        }
        var isFree = Run([.. asRoot, "umount", Path]);
        if (!isFree)
            Run([.. asRoot, "umount", "--lazy", Path]);
        Directory.Delete(Path, recursive: true);
        isFree.ShouldBeTrue("Something still holds a file open.");
    }

    private static bool Run(params string[] words)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
