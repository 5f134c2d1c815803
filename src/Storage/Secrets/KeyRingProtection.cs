using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Storage.Secrets;

/// <summary>Sets data protection up: one name, so that nodes can share a key ring; its files; what encrypts them.</summary>
internal static class KeyRingProtection
{
    private const string ApplicationName = "OpenAIProxy";

    public static bool IsConfigured(StorageOptions options) => options.KeyRingCertificate is not null || options.MasterKey is not null;

    public static string DirectoryOf(StorageOptions options) => options.KeyRingDirectory ?? Path.Combine(options.DataDirectory, "keys");

    /// <exception cref="StorageException">What is to encrypt the key ring will not do.</exception>
    public static void Check(StorageOptions options)
    {
        if (options is { MasterKey: not null, KeyRingCertificate: not null })
            throw new StorageException("The key ring has both a certificate and a master key (OPENAIPROXY_MASTER_KEY): set only one of them.");
        if (options.KeyRingCertificate is { HasPrivateKey: false } certificate)
            throw new StorageException($"The key ring's certificate ({certificate.Subject}) has no private key: use a file that holds both.");
        if (options.MasterKey is { } text)
            _ = new MasterKey(text);
    }

    public static void AddSecretProtection(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton<SecretProtection>();
        var builder = services.AddDataProtection().SetApplicationName(ApplicationName);
        services.Configure<KeyManagementOptions>(o => o.XmlRepository = new KeyRingFiles(DirectoryOf(options)));
        if (options.KeyRingCertificate is { } certificate)
            builder.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
        if (options.MasterKey is { } text)
        {
            services.AddSingleton(_ => new MasterKey(text));
            services.AddOptions<KeyManagementOptions>().Configure<MasterKey>((o, key) => o.XmlEncryptor = new MasterKeyEncryptor(key));
        }
        // It warns at every start that plain files are plain; beside the database that is what was chosen, and elsewhere we say it ourselves.
        services.Configure<LoggerFilterOptions>(o => o.Rules.Add(
            new LoggerFilterRule(null, "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error, null)));
    }
}
