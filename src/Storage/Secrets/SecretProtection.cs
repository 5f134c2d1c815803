using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OpenAIProxy.Storage.Secrets;

/// <summary>Encrypts what the database must not hold in clear. Each secret is bound to its row: moved to another one, it cannot be read.</summary>
internal sealed class SecretProtection(IDataProtectionProvider provider, StorageOptions options)
{
    // These are part of what is stored: a changed one makes every secret unreadable.
    private const string Root = "OpenAIProxy.Secrets";
    private const string BackendApiKey = "backend.api_key";
    private const string BackendClientSecret = "backend.client_secret";
    private const string EventSecret = "event.secret";

    public byte[] ProtectApiKey(string backend, byte[] key) => For(BackendApiKey, backend).Protect(key);

    public bool TryUnprotectApiKey(string backend, byte[] secret, [NotNullWhen(true)] out byte[]? key) =>
        TryUnprotect(For(BackendApiKey, backend), secret, out key);

    public byte[] ProtectClientSecret(string backend, byte[] key) => For(BackendClientSecret, backend).Protect(key);

    public bool TryUnprotectClientSecret(string backend, byte[] secret, [NotNullWhen(true)] out byte[]? key) =>
        TryUnprotect(For(BackendClientSecret, backend), secret, out key);

    public byte[] ProtectEventSecret(string @event, byte[] key) => For(EventSecret, @event).Protect(key);

    public bool TryUnprotectEventSecret(string @event, byte[] secret, [NotNullWhen(true)] out byte[]? key) =>
        TryUnprotect(For(EventSecret, @event), secret, out key);

    /// <summary>Sees to it that there is a key ring that encrypts.</summary>
    /// <exception cref="StorageException">It cannot be read or written.</exception>
    public void Check()
    {
        try
        {
            var probe = For("probe", "start");
            probe.Unprotect(probe.Protect([1]));
        }
#pragma warning disable CA1031 // Data protection wraps whatever happens to it in whatever it likes; here all of it is one thing.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new StorageException(
                $"The key ring in '{KeyRingProtection.DirectoryOf(options)}' cannot be used ({e.GetBaseException().Message.TrimEnd('.')}): "
                + "see that this user may read and write that directory and that its files are whole.",
                e);
        }
    }

    // Names are compared without case; so must be what a secret is bound to.
    private IDataProtector For(string use, string row) => provider.CreateProtector(Root, use, row.ToLowerInvariant());

    private static bool TryUnprotect(IDataProtector protector, byte[] secret, [NotNullWhen(true)] out byte[]? key)
    {
        try
        {
            key = protector.Unprotect(secret);
            return true;
        }
        catch (CryptographicException)
        {
            key = null;
            return false;
        }
    }
}
