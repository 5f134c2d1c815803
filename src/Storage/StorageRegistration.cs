using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Refusals;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Ledger.Reports;
using OpenAIProxy.Storage.Ledger.Verifying;
using OpenAIProxy.Storage.Purging;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage;

public static class StorageRegistration
{
    /// <summary>
    /// Registers storage, with <see cref="LiveSnapshot"/>, <see cref="KeyRing"/>, <see cref="IAttendance"/>, <see cref="ILedger"/>, <see cref="IUsageReport"/>
    /// and <see cref="IRefusalCount"/>. Nothing is opened before <see cref="StorageStartup.StartAsync"/>.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSecretProtection(options);
        services.AddSingleton<LiveSnapshot>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<SnapshotLoader>();
        services.AddSingleton<KeyRingLoader>();
        services.AddSingleton<Attendance>();
        services.AddSingleton<SqliteLedger>();
        services.AddSingleton<ILedger>(p => p.GetRequiredService<SqliteLedger>());
        services.AddSingleton<IUsageReport, UsageReport>();
        services.AddSingleton<RefusalBook>();
        services.AddSingleton<IRefusalCount>(p => p.GetRequiredService<RefusalBook>());
        services.AddSingleton<Purger>();
        services.AddSingleton<IAttendance>(p => p.GetRequiredService<Attendance>());
        services.AddSingleton(p => new ApiTokens(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new AdminToken(options));
        services.AddSingleton(Changes);
        services.AddSingleton(Reads);
        services.AddSingleton(Verification);
        services.AddSingleton(Readiness);
        services.AddSingleton(Startup);
        return services;
    }

    // The public classes have internal constructors, which the container does not find by itself.
    private static Changes Changes(IServiceProvider services) => new(
        services.GetRequiredService<SqliteDatabase>(),
        services.GetRequiredService<SnapshotLoader>(),
        services.GetRequiredService<SecretProtection>(),
        services.GetRequiredService<LiveSnapshot>(),
        services.GetRequiredService<KeyRing>(),
        services.GetRequiredService<ApiTokens>(),
        services.GetRequiredService<TimeProvider>());

    private static Reads Reads(IServiceProvider services) => new(
        services.GetRequiredService<SqliteDatabase>(),
        services.GetRequiredService<SqliteLedger>(),
        services.GetRequiredService<RefusalBook>(),
        services.GetRequiredService<SecretProtection>(),
        services.GetRequiredService<TimeProvider>());

    private static LedgerVerification Verification(IServiceProvider services) => new(
        services.GetRequiredService<StorageOptions>(),
        services.GetRequiredService<SqliteDatabase>(),
        services.GetRequiredService<SqliteLedger>());

    private static StorageReadiness Readiness(IServiceProvider services) => new(
        services.GetRequiredService<SqliteDatabase>(),
        services.GetRequiredService<SqliteLedger>(),
        services.GetRequiredService<ILogger<StorageReadiness>>());

    private static StorageStartup Startup(IServiceProvider services) => new(
        services,
        services.GetRequiredService<StorageOptions>(),
        services.GetRequiredService<SqliteDatabase>(),
        services.GetRequiredService<SqliteLedger>(),
        services.GetRequiredService<RefusalBook>(),
        services.GetRequiredService<Purger>(),
        services.GetRequiredService<ILogger<StorageStartup>>());
}
