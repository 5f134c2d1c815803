namespace OpenAIProxy.Bench;

/// <summary>
/// Keeps a second run out of the first one's work directory, until it is disposed or its process ends, however it ends. The file stays; <c>bench/run</c>
/// locks the same one while it builds.
/// </summary>
internal static class WorkLock
{
    // EWOULDBLOCK on Linux: there is no exception of its own for it.
    private const int HeldByAnother = 11;

    /// <exception cref="BenchException">Another run has it.</exception>
    public static IDisposable Take(string work)
    {
        var path = work + ".lock";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == HeldByAnother)
        {
            throw new BenchException($"Another bench is under way in {work}: two at once measure each other. Wait for its end, or stop it.");
        }
    }
}
