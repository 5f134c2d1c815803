using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenAIProxy.Simulator.Tls;

/// <summary>
/// A certificate authority for one run. Its key is forgotten as soon as it has signed the one certificate, so that trusting
/// <c>ca.pem</c> trusts nothing else.
/// </summary>
internal static class TestAuthority
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    // Clients whose clock is behind believe it too.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Writes <c>ca.pem</c> and <c>localhost.pem</c> into the directory.</summary>
    /// <param name="host">One more name beside localhost, 127.0.0.1 and ::1.</param>
    /// <returns>The certificate for the listener, with its key, which is in no file.</returns>
    public static X509Certificate2 Make(string directory, string host)
    {
        // Certificates are judged by the clocks of clients, never by the simulated one.
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authority(authorityKey).CreateSelfSigned(now - Slack, now + Lifetime);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Leaf(key, host, authority).Create(authority, now - Slack, now + Lifetime, RandomNumberGenerator.GetBytes(16));
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "ca.pem"), authority.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(directory, "localhost.pem"), certificate.ExportCertificatePem() + "\n");
        using var whole = certificate.CopyWithPrivateKey(key);
        return ServerCertificate.Usable(whole);
    }

    private static CertificateRequest Authority(ECDsa key)
    {
        var request = new CertificateRequest("CN=Azure OpenAI simulator test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static CertificateRequest Leaf(ECDsa key, string host, X509Certificate2 authority)
    {
        const string serverAuthentication = "1.3.6.1.5.5.7.3.1";
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(serverAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(host));
        return request;
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            names.AddIpAddress(address);
        else if (Uri.CheckHostName(host) == UriHostNameType.Dns && host != "localhost")
            names.AddDnsName(host);
        return names.Build();
    }
}
