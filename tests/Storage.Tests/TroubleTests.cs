using OpenAIProxy.Domain;

namespace OpenAIProxy.Storage.Tests;

/// <summary>What an operator is told when the database cannot be used, and that it is none the worse for it.</summary>
public sealed class TroubleTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Data => directory["data"];

    private string Database => directory["data/openai-proxy.db"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task File_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Data);
        var garbage = Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7 % 251)).ToArray();
        await File.WriteAllBytesAsync(Database, garbage);

        var refusal = await RefusalAsync();

        refusal.ShouldContain("is not a SQLite database");
        (await File.ReadAllBytesAsync(Database)).ShouldBe(garbage);
    }

    [Fact]
    public async Task Truncated_database_is_refused_and_left_alone()
    {
        await MakeAsync();
        var whole = await File.ReadAllBytesAsync(Database);
        var half = whole[..(whole.Length / 2)];
        await File.WriteAllBytesAsync(Database, half);

        var refusal = await RefusalAsync();

        refusal.ShouldContain("is damaged");
        (await File.ReadAllBytesAsync(Database)).ShouldBe(half);
    }

    [Theory]
    [InlineData("BEGIN EXCLUSIVE")]
    [InlineData("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")]
    public async Task Database_that_another_program_holds_is_refused_until_it_lets_go(string hold)
    {
        await MakeAsync();
        using (var other = RawDatabase.Open(Database))
        {
            other.Run(hold);
            (await RefusalAsync()).ShouldContain("is locked by another program");
        }

        await using var storage = await StorageUnderTest.StartAsync(Data);

        storage.Event("hackathon").Name.ShouldBe("Spring hackathon");
    }

    [Fact]
    public async Task Database_that_gets_locked_while_we_run_refuses_changes_and_recovers()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data);
        await storage.MakeAsync(Examples.PutAllAsync);
        using (var other = RawDatabase.Open(Database))
        {
            other.Run("BEGIN EXCLUSIVE");
            var trouble = await Should.ThrowAsync<StorageUnavailableException>(() => storage.MakeAsync(c => c.Settings.PutAsync("a", "b")));
            trouble.Message.ShouldContain("is locked by another program");
            await Should.ThrowAsync<StorageUnavailableException>(() => storage.EnterAsync("hackathon", "ada"));
            (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();
        }

        await storage.MakeAsync(c => c.Settings.PutAsync("a", "b"));

        (await storage.EnterAsync("hackathon", "ada")).ShouldNotBeNull();
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Directory_in_the_databases_place_is_refused()
    {
        Directory.CreateDirectory(Database);

        (await RefusalAsync()).ShouldContain("give this user write access to the file");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    public async Task Data_directory_that_cannot_be_made_is_refused(string path)
    {
        await File.WriteAllTextAsync(directory["file"], "mine");

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(directory[path]));

        refusal.Message.ShouldContain("cannot be used");
        refusal.Message.ShouldContain("--data");
        (await File.ReadAllTextAsync(directory["file"])).ShouldBe("mine");
    }

    [Fact]
    public async Task Read_only_disk_is_refused()
    {
        using var disk = SmallDisk.Mount();
        await MakeAsync(disk.Path);
        var before = await File.ReadAllBytesAsync(disk.Database);
        disk.MakeReadOnly();

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(disk.Path));

        refusal.Message.ShouldContain("this user may write to");
        (await File.ReadAllBytesAsync(disk.Database)).ShouldBe(before);
        disk.MakeWritable();
        await using var storage = await StorageUnderTest.StartAsync(disk.Path);
        storage.Event("hackathon").ShouldNotBeNull();
    }

    [Fact]
    public async Task Database_that_becomes_read_only_while_we_run_refuses_changes_and_recovers()
    {
        await using var storage = await StorageUnderTest.StartAsync(Data);
        await storage.MakeAsync(Examples.PutAllAsync);
        RunOnWriter(storage, "PRAGMA query_only = ON");

        var trouble = await Should.ThrowAsync<StorageUnavailableException>(() => storage.EnterAsync("hackathon", "ada"));

        trouble.Message.ShouldContain("cannot be written");
        RunOnWriter(storage, "PRAGMA query_only = OFF");
        (await storage.EnterAsync("hackathon", "ada")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Full_disk_at_the_first_start_is_refused_and_the_next_start_works()
    {
        using var disk = SmallDisk.Mount();
        disk.Fill();

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(disk.Path));

        refusal.Message.ShouldNotContain(Environment.NewLine);
        disk.MakeRoom();
        await using var storage = await StorageUnderTest.StartAsync(disk.Path);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    [Fact]
    public async Task Disk_that_fills_up_while_we_run_refuses_changes_and_recovers_without_loss()
    {
        using var disk = SmallDisk.Mount();
        await using (var storage = await StorageUnderTest.StartAsync(disk.Path))
        {
            await storage.MakeAsync(Examples.PutAllAsync);
            await storage.EnterAsync("hackathon", "early");
            disk.Fill();
            var trouble = await Should.ThrowAsync<StorageUnavailableException>(() => storage.MakeAsync(c => c.Settings.PutAsync("large", new string('x', 200_000))));
            trouble.Message.ShouldContain("disk is full");
            storage.Event("hackathon").ShouldNotBeNull();
            disk.MakeRoom();
            await storage.EnterAsync("hackathon", "late");
        }

        await using var again = await StorageUnderTest.StartAsync(disk.Path);

        again.KeyRing.FindAttendee(Examples.Hackathon, "early").ShouldNotBeNull();
        again.KeyRing.FindAttendee(Examples.Hackathon, "late").ShouldNotBeNull();
        (await again.Reads.ReadAsync(t => t.Settings.GetAsync("large"), CancellationToken.None)).ShouldBeNull();
        RawDatabase.Read<string>(disk.Database, "PRAGMA integrity_check").ShouldBe("ok");
    }

    [Fact]
    public async Task Start_that_fails_lets_go_of_the_data_directory()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Database, new string('?', 1_000));
        await RefusalAsync();
        File.Delete(Database);

        await using var storage = await StorageUnderTest.StartAsync(Data);

        storage.Snapshot.Version.ShouldBe(0);
    }

    private static void RunOnWriter(StorageUnderTest storage, string sql)
    {
        using var command = storage.Database.Writer().CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private Task MakeAsync() => MakeAsync(Data);

    private static async Task MakeAsync(string path)
    {
        await using var storage = await StorageUnderTest.StartAsync(path);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    private async Task<string> RefusalAsync()
    {
        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(Data));
        refusal.Message.ShouldNotContain("\n");
        return refusal.Message;
    }
}
