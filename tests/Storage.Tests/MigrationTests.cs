using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Configuration;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Tests;

public sealed class MigrationTests : IDisposable
{
    private static readonly Migration One = new(1, "0001_one", "CREATE TABLE one (a INTEGER PRIMARY KEY); INSERT INTO one VALUES (7);");
    private static readonly Migration Two = new(2, "0002_two", "CREATE TABLE two (b INTEGER REFERENCES one (a));");

    private readonly TemporaryDirectory directory = new();

    private string Database => directory["data/openai-proxy.db"];

    public MigrationTests() => Directory.CreateDirectory(directory["data"]);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps() =>
        Migration.All.Select(m => m.Number).ShouldBe(Enumerable.Range(1, Migration.All.Count));

    [Fact]
    public void Each_migration_is_applied_once_and_in_order()
    {
        Migrate(One);
        Migrate(One, Two);
        Migrate(One, Two);

        RawDatabase.Read<string>(Database, "SELECT group_concat(number || ' ' || name) FROM schema_version").ShouldBe("1 0001_one,2 0002_two");
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM one").ShouldBe(1);
    }

    [Fact]
    public void Migration_that_fails_in_the_middle_leaves_nothing_behind()
    {
        var broken = Two with { Sql = Two.Sql + "INSERT INTO one VALUES (8); INSERT INTO nowhere VALUES (1);" };

        Should.Throw<SqliteException>(() => Migrate(One, broken));

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM schema_version").ShouldBe(1);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM one").ShouldBe(1);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'two'").ShouldBe(0);
    }

    [Fact]
    public void Migration_that_leaves_rows_referring_to_nothing_is_undone()
    {
        var careless = Two with { Sql = Two.Sql + "INSERT INTO two VALUES (999);" };

        Should.Throw<StorageException>(() => Migrate(One, careless)).Message.ShouldContain("refer to nothing");

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM schema_version").ShouldBe(1);
    }

    [Fact]
    public void Edited_migration_is_refused()
    {
        Migrate(One, Two);

        var refusal = Should.Throw<StorageException>(() => Migrate(One with { Sql = One.Sql + " " }, Two));

        refusal.Message.ShouldContain("'0001_one' differs");
    }

    [Fact]
    public void Line_ends_do_not_matter() =>
        (One with { Sql = "a\r\nb\r\n" }).Checksum.ShouldBe((One with { Sql = "a\nb\n" }).Checksum);

    [Fact]
    public async Task Database_of_a_newer_version_is_refused_and_not_touched()
    {
        await using (var storage = await StorageUnderTest.StartAsync(directory["data"]))
            await storage.MakeAsync(Examples.PutAllAsync);
        RawDatabase.Run(Database, "INSERT INTO schema_version VALUES (9999, '9999_future', 'x', 0); PRAGMA journal_mode = DELETE");
        var before = await File.ReadAllBytesAsync(Database);

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(directory["data"]));

        refusal.Message.ShouldContain("newer version (schema 9999");
        (await File.ReadAllBytesAsync(Database)).ShouldBe(before);
    }

    [Fact]
    public async Task Database_of_another_program_is_refused_and_not_touched()
    {
        RawDatabase.Run(Database, "CREATE TABLE recipe (name TEXT)");
        var before = await File.ReadAllBytesAsync(Database);

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(directory["data"]));

        refusal.Message.ShouldContain("belongs to another program");
        (await File.ReadAllBytesAsync(Database)).ShouldBe(before);
    }

    [Fact]
    public async Task Start_after_an_edited_migration_is_refused_and_touches_nothing()
    {
        await using (await StorageUnderTest.StartAsync(directory["data"]))
        {
        }
        RawDatabase.Run(Database, "UPDATE schema_version SET checksum = 'other'; PRAGMA journal_mode = DELETE");
        var before = await File.ReadAllBytesAsync(Database);

        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(directory["data"]));

        refusal.Message.ShouldContain("was made by another build");
        (await File.ReadAllBytesAsync(Database)).ShouldBe(before);
    }

    [Fact]
    public async Task Database_from_before_identities_keeps_everything()
    {
        string key, before;
        await using (var storage = await StorageUnderTest.StartAsync(directory["data"]))
        {
            await storage.MakeAsync(Examples.PutAllAsync);
            await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend with { ApiVersion = "2025-01-01-preview" }));
            key = await storage.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "ada"));
            before = await ExportAsync(storage);
        }
        TakeBackTo(2);

        await using var upgraded = await StorageUnderTest.StartAsync(directory["data"]);

        (await ExportAsync(upgraded)).ShouldBe(before);
        upgraded.Snapshot.Backends.Single().Credential.ShouldBe(new BackendCredential.ApiKey(Examples.ApiKey));
        (await upgraded.ReadAsync(t => t.Backends.ShowAsync("west")))!.Version.ShouldBe(2);
        upgraded.Event("hackathon").Models.Find("gpt-4o")!.Deployments.Single().Name.ShouldBe("my-gpt");
        upgraded.Event("hackathon").TokenAdmission.ShouldBeNull();
        upgraded.Event("hackathon").StreamMode.ShouldBeNull();
        upgraded.KeyRing.FindOwner(KeyHash.Of(key), DateTimeOffset.UnixEpoch)!.Name.ShouldBe("ada");
        // The deployments refer to the table that took the old one's place.
        await Should.ThrowAsync<ChangeRefusedException>(() => upgraded.MakeAsync(c => c.Backends.DeleteAsync("west")));
        Should.Throw<SqliteException>(() => RawDatabase.Run(Database, "PRAGMA foreign_keys = ON; DELETE FROM backend"));
        await upgraded.MakeAsync(c => c.Backends.PutAsync(Examples.Backend with { ApiKey = null, Entra = new EntraDefinition { Kind = EntraIdentityKind.Default } }));
    }

    [Theory]
    [InlineData("UPDATE backend SET api_key_encrypted = NULL")]
    [InlineData("UPDATE backend SET entra_kind = 0")]
    [InlineData("UPDATE backend SET entra_kind = 3, api_key_encrypted = NULL")]
    [InlineData("UPDATE backend SET client_secret_encrypted = x'00'")]
    [InlineData("UPDATE backend SET entra_kind = 0, api_key_encrypted = NULL, client_secret_encrypted = x'00'")]
    [InlineData("UPDATE event SET token_tenant = 'x'")]
    [InlineData("UPDATE event SET token_authority = 'x'")]
    public async Task Database_itself_refuses_half_an_identity(string half)
    {
        await using (var storage = await StorageUnderTest.StartAsync(directory["data"]))
            await storage.MakeAsync(Examples.PutAllAsync);

        Should.Throw<SqliteException>(() => RawDatabase.Run(Database, half)).Message.ShouldContain("CHECK");
    }

    // As a server of that version would have left it: the same rows in the tables and columns it knew.
    private void TakeBackTo(int version)
    {
        RawDatabase.Run(Database, "PRAGMA journal_mode = DELETE");
        File.Move(Database, directory["newer.db"]);
        Migrate([.. Migration.All.Take(version)]);
        using var old = RawDatabase.Open(Database);
        old.Run($"PRAGMA foreign_keys = OFF; ATTACH '{directory["newer.db"]}' AS newer");
        var tables = old.Connection.Query<string>("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version'").ToList();
        tables.ShouldContain("backend");
        foreach (var table in tables)
        {
            var columns = string.Join(", ", old.Connection.Query<string>("SELECT name FROM pragma_table_info(@table)", new { table }));
            old.Run($"DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}");
        }
    }

    private static async Task<string> ExportAsync(StorageUnderTest storage) => JsonSerializer.Serialize(await storage.ReadAsync(ConfigurationExport.ReadAsync));

    private void Migrate(params Migration[] migrations)
    {
        using var database = RawDatabase.Open(Database);
        new SqliteMigrator(migrations, Database, TimeProvider.System, NullLogger.Instance).Migrate(database.Connection);
    }
}
