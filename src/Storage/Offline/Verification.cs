using Dapper;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Storage.Ledger.Verifying;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Offline;

/// <summary>Looks whether a data directory is whole, without changing it. Works beside a running server.</summary>
public static class Verification
{
    /// <summary>
    /// 1. SQLite's own look at the file, and at rows that refer to nothing.
    /// 2. Whether the database was made by migrations that this version knows, and has all of them.
    /// 3. Whether every secret can be read with the key ring that is there.
    /// 4. Whether every event can be in force.
    /// 5. Whether the ledger's accounts are the sums of its entries, and its journal is whole.
    /// </summary>
    /// <returns>What is wrong, a sentence each; none where all is well.</returns>
    /// <exception cref="StorageException">There is nothing to look at.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(StorageOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var path = DataDirectory.DatabaseThatIsIn(options.DataDirectory);
        KeyRingProtection.Check(options);
        try
        {
            var journal = LedgerCheck.ReadJournal(options.DataDirectory);
            await using var reader = new SqliteConnections(path, options.BusyTimeout).OpenReader();
            reader.Run("BEGIN");
            // 1.
            var problems = new List<string>(Damage(reader));
            // 2.
            if (Migrations(reader, path, time) is { } trouble)
                return [.. problems, trouble];
            // 3. and 4.
            await using var services = Services(options);
            var (statements, secrets) = (new Statements(reader, cancellation), services.GetRequiredService<SecretProtection>());
            if (KeyRingTrouble(secrets, options) is { } lost)
                return [.. problems, lost];
            problems.AddRange(await SecretsAsync(statements, secrets));
            problems.AddRange(await EventsAsync(statements, secrets));
            // 5.
            problems.AddRange(await LedgerCheck.RunAsync(statements, journal));
            return problems;
        }
        catch (SqliteException e)
        {
            return [SqliteTrouble.AtRunTime(e, path).Message];
        }
    }

    private static IEnumerable<string> Damage(SqliteConnection reader)
    {
        foreach (var line in reader.Query<string>("PRAGMA integrity_check").Where(l => l != "ok"))
            yield return $"The database is damaged: {line}.";
        foreach (var (table, parent) in reader.Query<(string Table, string Parent)>("SELECT \"table\", parent FROM pragma_foreign_key_check"))
            yield return $"A row of {table} refers to a row of {parent} that is not there.";
    }

    private static string? Migrations(SqliteConnection reader, string path, TimeProvider time)
    {
        try
        {
            new SqliteMigrator(Migration.All, path, time, NullLogger.Instance).Check(reader);
        }
        catch (StorageException e)
        {
            return e.Message;
        }
        var applied = reader.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'") == 0
            ? 0
            : reader.ExecuteScalar<long>("SELECT COUNT(*) FROM schema_version");
        return applied == Migration.All.Count
            ? null
            : $"The database '{path}' is of an earlier version (schema {applied}, this one has {Migration.All.Count}): start or migrate it once.";
    }

    private static async Task<List<string>> SecretsAsync(Statements statements, SecretProtection secrets)
    {
        var problems = new List<string>();
        foreach (var backend in await BackendTable.RowsAsync(statements))
            if (backend.LostSecret(secrets) is { } lost)
                problems.Add($"The {lost} of backend '{backend.Name}' cannot be read with the key ring that is here.");
        foreach (var @event in await EventTable.RowsAsync(statements))
            if (!secrets.TryUnprotectEventSecret(@event.Code, @event.SecretEncrypted, out _))
                problems.Add($"The secret of event '{@event.Code}' cannot be read with the key ring that is here.");
        return problems;
    }

    private static async Task<IEnumerable<string>> EventsAsync(Statements statements, SecretProtection secrets)
    {
        var loaded = await new SnapshotLoader(secrets, NullLogger<SnapshotLoader>.Instance).LoadAsync(statements);
        return loaded.SkippedEvents.Select(e => $"Event '{e.Key}' cannot be in force: {e.Value}");
    }

    // What no key can read is told as unreadable; anything else means that there is no ring to read with.
    private static string? KeyRingTrouble(SecretProtection secrets, StorageOptions options)
    {
        try
        {
            _ = secrets.TryUnprotectApiKey("probe", [1], out _);
            return null;
        }
#pragma warning disable CA1031 // Data protection wraps whatever happens to it in whatever it likes; here all of it is one thing.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"The key ring in '{KeyRingProtection.DirectoryOf(options)}' cannot be used, and no secret without it: {e.GetBaseException().Message}";
        }
    }

    private static ServiceProvider Services(StorageOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSecretProtection(options);
        // Looking must not add a key to a ring that has none.
        services.Configure<KeyManagementOptions>(o => o.AutoGenerateKeys = false);
        return services.BuildServiceProvider();
    }
}
