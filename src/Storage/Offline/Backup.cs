using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using OpenAIProxy.Storage.Ledger.Journals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage.Offline;

/// <summary>
/// Writes everything into one file: a .tar.gz of the database, the ledger's journal, the key ring and the admin token. Works beside a running server,
/// and is of one moment whatever that writes meanwhile.
/// </summary>
/// <remarks>With the key ring in it, unless that is encrypted, the file is as secret as the secrets are: it is made for its owner only.</remarks>
public static class Backup
{
    internal const string DatabaseName = "openai-proxy.db";
    internal const string AdminTokenName = "admin-token";
    internal const string KeyFolder = "keys/";

    /// <param name="path">Where there is nothing yet.</param>
    /// <exception cref="StorageException">There is no database to back up, something is in the way, or it cannot be written.</exception>
    public static async Task WriteAsync(StorageOptions options, string path, CancellationToken cancellation)
    {
        var database = DataDirectory.DatabaseThatIsIn(options.DataDirectory);
        if (Path.Exists(path))
            throw new StorageException($"'{path}' is there already: choose another name.");
        var (copy, unfinished) = (path + ".db.tmp", path + ".tmp");
        var made = new List<string>();
        try
        {
            // Before the database, which is ahead of it then: what is in both counts once, and nothing falls between the two.
            var journal = Journal(options.DataDirectory);
            await using (var file = Make(unfinished, made))
            {
                await Make(copy, made).DisposeAsync();
                Copy(options, database, copy);
                await PackAsync(options, copy, journal, file, cancellation);
                // Else the death of the machine could leave a backup of the right name with nothing in it.
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StorageException($"The backup '{path}' could not be written: {e.Message}", e);
        }
        finally
        {
            foreach (var mine in made)
                File.Delete(mine);
        }
    }

    private static FileStream Make(string path, List<string> made)
    {
        var file = OpenForOwner(path);
        made.Add(path);
        return file;
    }

    // Up to the last whole record: a running server may be in the middle of a write.
    private static List<(string Name, byte[] Bytes)> Journal(string directory)
    {
        var files = new List<(string, byte[])>();
        foreach (var file in SegmentFile.In(directory))
            if (SegmentScan.TryRead(file) is { } scan)
                files.Add((file.Name, scan.Whole));
        return files;
    }

    // One read transaction, which the write-ahead log keeps apart from what is written meanwhile.
    private static void Copy(StorageOptions options, string database, string copy)
    {
        using var reader = new SqliteConnections(database, options.BusyTimeout).OpenReader();
        // The copy is another file, which this setting would keep from being written, too.
        reader.Run("PRAGMA query_only = OFF");
        using var command = reader.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        command.ExecuteNonQuery();
    }

    // The keys after the database: a key is on the disk before anything is encrypted with it, so none can be missing.
    private static async Task PackAsync(
        StorageOptions options, string copy, IReadOnlyList<(string Name, byte[] Bytes)> journal, FileStream file, CancellationToken cancellation)
    {
        await using var zipped = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        await using var archive = new TarWriter(zipped);
        await archive.WriteEntryAsync(copy, DatabaseName, cancellation);
        foreach (var (name, bytes) in journal)
            await archive.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes), Mode = DataDirectory.OwnerOnlyFile }, cancellation);
        var keys = KeyRingProtection.DirectoryOf(options);
        if (Directory.Exists(keys))
            foreach (var key in Directory.EnumerateFiles(keys, "*.xml").Order(StringComparer.Ordinal))
                await archive.WriteEntryAsync(key, string.Create(CultureInfo.InvariantCulture, $"{KeyFolder}{Path.GetFileName(key)}"), cancellation);
        if (AdminToken.PathIn(options.DataDirectory) is var token && File.Exists(token))
            await archive.WriteEntryAsync(token, AdminTokenName, cancellation);
    }

    internal static FileStream OpenForOwner(string path)
    {
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            settings.UnixCreateMode = DataDirectory.OwnerOnlyFile;
        return new FileStream(path, settings);
    }
}
