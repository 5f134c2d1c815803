using System.Formats.Tar;
using System.IO.Compression;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage.Offline;

/// <summary>Brings a backup back into a data directory that is empty or not there.</summary>
public static class Restore
{
    /// <exception cref="StorageException">The directory has something in it, or the file is no backup of ours; nothing is left behind.</exception>
    public static async Task ReadAsync(StorageOptions options, string path, CancellationToken cancellation)
    {
        var keys = KeyRingProtection.DirectoryOf(options);
        RefuseUsed(options.DataDirectory, "data directory");
        RefuseUsed(keys, "key ring's directory");
        var written = new List<string>();
        try
        {
            await UnpackAsync(options, keys, path, written, cancellation);
            if (!written.Contains(DataDirectory.DatabaseIn(options.DataDirectory)))
                throw new StorageException($"'{path}' is no backup: it has no database in it.");
        }
        catch (Exception e)
        {
            foreach (var file in written)
                File.Delete(file);
            if (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
                throw new StorageException($"The backup '{path}' could not be read: {e.Message}", e);
            throw;
        }
    }

    private static void RefuseUsed(string directory, string what)
    {
        if (Path.Exists(directory) && (!Directory.Exists(directory) || Directory.EnumerateFileSystemEntries(directory).Any()))
            throw new StorageException($"The {what} '{directory}' is not empty, and nothing there is written over: choose another one.");
    }

    private static async Task UnpackAsync(StorageOptions options, string keys, string path, List<string> written, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await using var archive = new TarReader(unzipped);
        while (await archive.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            var target = Target(options, keys, entry.Name) ?? throw new StorageException($"'{path}' is no backup: it has '{entry.Name}' in it.");
            if (entry.DataStream is not { } data)
                throw new StorageException($"'{path}' is no backup: '{entry.Name}' is no file.");
            DataDirectory.Make(Path.GetDirectoryName(target)!);
            await using var stream = Backup.OpenForOwner(target);
            written.Add(target);
            await data.CopyToAsync(stream, cancellation);
            stream.Flush(flushToDisk: true);
        }
    }

    // Only names that a backup has: a foreign archive must not write where it likes.
    private static string? Target(StorageOptions options, string keys, string name) => name switch
    {
        Backup.DatabaseName => DataDirectory.DatabaseIn(options.DataDirectory),
        _ when SegmentFile.IsName(name) && name == Path.GetFileName(name) => Path.Combine(options.DataDirectory, name),
        Backup.AdminTokenName => AdminToken.PathIn(options.DataDirectory),
        _ when name.StartsWith(Backup.KeyFolder, StringComparison.Ordinal)
            && name[Backup.KeyFolder.Length..] is var key && key == Path.GetFileName(key) && key.EndsWith(".xml", StringComparison.Ordinal)
            && !key.Contains('\\', StringComparison.Ordinal)
            => Path.Combine(keys, key),
        _ => null,
    };
}
