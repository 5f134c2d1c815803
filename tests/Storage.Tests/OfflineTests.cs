using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Offline;

namespace OpenAIProxy.Storage.Tests;

public sealed class OfflineTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private StorageOptions Data => new() { DataDirectory = directory["data"] };

    private StorageOptions Elsewhere => new() { DataDirectory = directory["elsewhere"] };

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Backup_under_load_is_whole_and_is_everything_elsewhere()
    {
        string key, token;
        await using (var storage = await StorageUnderTest.StartAsync(Data))
        {
            await storage.MakeAsync(Examples.PutAllAsync);
            await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
            key = await storage.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "ada"));
            token = (await File.ReadAllTextAsync(storage.AdminToken.Path!)).Trim();
            using var done = new CancellationTokenSource();
            // On a thread of its own: SQLite never lets go of the one it is called on.
            var load = Task.Run(() => LoadAsync(storage, done.Token));

            await Backup.WriteAsync(Data, directory["backup.tar.gz"], CancellationToken.None);

            await done.CancelAsync();
            (await load).ShouldBeGreaterThan(0);
        }

        await Restore.ReadAsync(Elsewhere, directory["backup.tar.gz"], CancellationToken.None);

        (await Verification.RunAsync(Elsewhere, TimeProvider.System, CancellationToken.None)).ShouldBeEmpty();
        await using var restored = await StorageUnderTest.StartAsync(Elsewhere);
        restored.Snapshot.Backends.Single(b => b.Name == "west").Credential.ShouldBe(new BackendCredential.ApiKey(Examples.ApiKey));
        restored.Snapshot.Backends.Single(b => b.Name == "application").Credential.ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe(Examples.ClientSecret);
        restored.KeyRing.FindOwner(KeyHash.Of(key), DateTimeOffset.UnixEpoch)!.Name.ShouldBe("ada");
        restored.AdminToken.Matches(token).ShouldBeTrue();
        // Of one moment: both settings of each change are there, or neither.
        var (one, two) = await restored.ReadAsync(async t => (await t.Settings.GetAsync("one"), await t.Settings.GetAsync("two")));
        one.ShouldBe(two);
    }

    [Fact]
    public async Task Nothing_that_is_there_is_written_over()
    {
        await MakeAsync();
        await Backup.WriteAsync(Data, directory["backup.tar.gz"], CancellationToken.None);
        var before = await File.ReadAllBytesAsync(directory["data/openai-proxy.db"]);

        await Should.ThrowAsync<StorageException>(() => Backup.WriteAsync(Data, directory["backup.tar.gz"], CancellationToken.None));
        await Should.ThrowAsync<StorageException>(() => Restore.ReadAsync(Data, directory["backup.tar.gz"], CancellationToken.None));

        (await File.ReadAllBytesAsync(directory["data/openai-proxy.db"])).ShouldBe(before);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(directory["backup.tar.gz"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData(".tmp")]
    [InlineData(".db.tmp")]
    public async Task File_in_the_way_of_a_backup_is_left_alone(string suffix)
    {
        await MakeAsync();
        await File.WriteAllTextAsync(directory["backup.tar.gz" + suffix], "precious");

        var refused = await Should.ThrowAsync<StorageException>(() => Backup.WriteAsync(Data, directory["backup.tar.gz"], CancellationToken.None));

        refused.Message.ShouldContain("backup.tar.gz" + suffix);
        (await File.ReadAllTextAsync(directory["backup.tar.gz" + suffix])).ShouldBe("precious");
        Directory.EnumerateFiles(directory.Path).ShouldBe([directory["backup.tar.gz" + suffix]]);
    }

    [Fact]
    public async Task File_that_is_no_backup_leaves_nothing_behind()
    {
        await File.WriteAllTextAsync(directory["letter.txt"], "Dear all");

        await Should.ThrowAsync<StorageException>(() => Restore.ReadAsync(Elsewhere, directory["letter.txt"], CancellationToken.None));

        Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories).ShouldBe([directory["letter.txt"]]);
    }

    [Fact]
    public async Task Verification_names_what_is_wrong()
    {
        await MakeAsync();
        RawDatabase.Run(directory["data/openai-proxy.db"], "UPDATE event SET time_zone = 'Moon/Base'; UPDATE backend SET api_key_encrypted = x'00'");

        var problems = await Verification.RunAsync(Data, TimeProvider.System, CancellationToken.None);

        problems.ShouldContain(p => p.Contains("Moon/Base", StringComparison.Ordinal));
        problems.ShouldContain(p => p.Contains("'west' cannot be read", StringComparison.Ordinal));
        Directory.Delete(directory["data/keys"], recursive: true);
        (await Verification.RunAsync(Data, TimeProvider.System, CancellationToken.None)).ShouldContain(p => p.Contains("key ring", StringComparison.Ordinal));
        Directory.Exists(directory["data/keys"]).ShouldBeFalse();
    }

    private async Task MakeAsync()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    private static async Task<int> LoadAsync(StorageUnderTest storage, CancellationToken done)
    {
        var count = 0;
        while (!done.IsCancellationRequested || count == 0)
        {
            count++;
            await storage.MakeAsync(async c =>
            {
                await c.Settings.PutAsync("one", $"{count}");
                await c.Settings.PutAsync("two", $"{count}");
            });
        }
        return count;
    }
}
