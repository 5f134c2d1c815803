using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage.Ledger.Journals;

namespace OpenAIProxy.Testing;

/// <summary>
/// Stands where the ledger's journal would go on: until it is disposed, nothing can be written from there on. It needs a journal whose
/// every batch begins a file of its own, for which there is <see cref="Allow"/>.
/// </summary>
public sealed class JournalObstacle : IDisposable
{
    private readonly string path;

    /// <param name="spared">How many batches can still be written before; none unless told.</param>
    public JournalObstacle(string dataDirectory, int spared = 0)
    {
        path = new SegmentFile(dataDirectory, SegmentFile.In(dataDirectory)[^1].Number + 1 + spared).Path;
        Directory.CreateDirectory(path);
    }

    /// <summary>The settings of a server whose journal has one batch in each file.</summary>
    public static ServerSettings Allow(ServerSettings settings) =>
        settings with { Storage = settings.Storage with { Ledger = settings.Storage.Ledger with { SegmentSize = 1 } } };

    public void Dispose()
    {
        // Once it is gone, the journal's own file stands there.
        if (Directory.Exists(path))
            Directory.Delete(path);
    }
}
