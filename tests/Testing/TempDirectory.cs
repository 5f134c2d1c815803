namespace OpenAIProxy.Testing;

/// <summary>A directory of a test's own, gone with it.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("openai-proxy-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
