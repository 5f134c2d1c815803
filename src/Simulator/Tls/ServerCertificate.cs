using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenAIProxy.Simulator.Tls;

/// <summary>The certificate of the https listener.</summary>
internal static class ServerCertificate
{
    /// <returns>Null if the simulator does not listen on https.</returns>
    /// <exception cref="ArgumentException">The files cannot be read; says why.</exception>
    public static X509Certificate2? Of(SimulatorOptions options)
    {
        if (options.HttpsUrl is not { } url)
            return null;
        try
        {
            return options.CertificateDirectory is { } directory
                ? TestAuthority.Make(directory, BindingAddress.Parse(url).Host)
                : Read(options.Certificate!, options.CertificateKey!);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The certificate for {url} cannot be had: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Not every platform can serve with a key that only lives in memory; all can with one that came in a PKCS 12.</summary>
    public static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);

    private static X509Certificate2 Read(string certificateFile, string keyFile)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        return Usable(certificate);
    }
}
