using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Purging;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage;

/// <summary>Opens storage, once, before anything is served. Disposing it closes the database and gives the data directory free.</summary>
public sealed partial class StorageStartup : IDisposable
{
    private readonly IServiceProvider services;
    private readonly StorageOptions options;
    private readonly SqliteDatabase database;
    private readonly SqliteLedger ledger;
    private readonly RefusalBook refusals;
    private readonly Purger purger;
    private readonly ILogger<StorageStartup> logger;

    internal StorageStartup(
        IServiceProvider services, StorageOptions options, SqliteDatabase database, SqliteLedger ledger, RefusalBook refusals, Purger purger, ILogger<StorageStartup> logger)
    {
        this.services = services;
        this.options = options;
        this.database = database;
        this.ledger = ledger;
        this.refusals = refusals;
        this.purger = purger;
        this.logger = logger;
    }

    /// <summary>Locks the data directory, makes or migrates the database, loads the snapshot and the key ring, and opens the ledger.</summary>
    /// <exception cref="StorageException">One of these is not possible; nothing is damaged and the directory is free again.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        KeyRingProtection.Check(options);
        AdminToken.Check(options);
        try
        {
            database.Open();
            // Only now: the key ring's files are made in a directory that is ours.
            services.GetRequiredService<SecretProtection>().Check();
            services.GetRequiredService<AdminToken>().Open();
            await LoadAsync(cancellation);
            await ledger.StartAsync(cancellation);
            refusals.Start();
            purger.Start();
        }
        catch (Exception e)
        {
            Dispose();
            if (SqliteTrouble.AtStart(e, database.Path) is { } trouble)
                throw trouble;
            throw;
        }
        if (options.KeyRingDirectory is { } directory && !KeyRingProtection.IsConfigured(options))
            LogKeyRingUnprotected(directory);
        LogOpened(database.Path);
    }

    public void Dispose()
    {
        // First: they still write into the database.
        purger.Dispose();
        ledger.Dispose();
        refusals.Dispose();
        database.Dispose();
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        var loaded = await database.ReadAsync(
            async statements =>
            {
                await services.GetRequiredService<KeyRingLoader>().LoadAsync(statements);
                await TokenTable.LoadAsync(statements, services.GetRequiredService<ApiTokens>());
                return await services.GetRequiredService<SnapshotLoader>().LoadAsync(statements);
            },
            cancellation);
        services.GetRequiredService<LiveSnapshot>().Replace(loaded.Snapshot);
    }

    [LoggerMessage(LogEvents.Opened, LogLevel.Information, "Opened the database {Path}")]
    private partial void LogOpened(string path);

    [LoggerMessage(LogEvents.KeyRingUnprotected, LogLevel.Warning,
        "The key ring in {Directory} is not encrypted: set a key ring certificate or OPENAIPROXY_MASTER_KEY where others can read that directory")]
    private partial void LogKeyRingUnprotected(string directory);
}
