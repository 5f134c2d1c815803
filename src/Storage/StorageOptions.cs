using System.Security.Cryptography.X509Certificates;
using OpenAIProxy.Storage.Ledger;

namespace OpenAIProxy.Storage;

/// <summary>Where things are kept, and what protects the secrets among them.</summary>
public sealed record StorageOptions
{
    /// <summary>The directory of the database; made, for its owner only, where there is none. One process at a time owns it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The directory of the keys that encrypt secrets; by default <c>keys</c> in the data directory. Nodes may share it.</summary>
    public string? KeyRingDirectory { get; init; }

    /// <summary>Encrypts the key ring; needs its private key. Not together with <see cref="MasterKey"/>.</summary>
    public X509Certificate2? KeyRingCertificate { get; init; }

    /// <summary>Encrypts the key ring: at least 32 random characters. Not together with <see cref="KeyRingCertificate"/>.</summary>
    public string? MasterKey { get; init; }

    /// <summary>
    /// What opens the management API for the operator: at least 16 visible ASCII characters. By default it is made up at the first
    /// start and kept in the file <c>admin-token</c> of the data directory, for its owner only.
    /// </summary>
    public string? AdminToken { get; init; }

    public LedgerOptions Ledger { get; init; } = new();

    /// <summary>How long to wait for another program that holds the database locked; at least a second passes in any case.</summary>
    internal TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(3);

    // Records print their members; a master key must not end up in a log that way.
    public override string ToString() => $"StorageOptions({DataDirectory})";
}
