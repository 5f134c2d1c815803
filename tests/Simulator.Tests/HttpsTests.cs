using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static OpenAIProxy.Simulator.Tests.IdentityAsking;

namespace OpenAIProxy.Simulator.Tests;

public sealed class HttpsTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory();

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Who_trusts_the_authority_that_was_written_trusts_the_simulator(string host)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--https-url", "https://127.0.0.1:0", "--certificate-directory", directory.FullName]);
        using var client = Trusting(Path.Combine(directory.FullName, "ca.pem"));
        var address = $"https://{host}:{new Uri(simulator.Url("https:")).Port}";

        using var answer = await client.PostAsync($"{address}/{Tenant}/oauth2/v2.0/token", new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", "x"), new("client_secret", "y"), new("scope", Resource + "/.default")]));
        var token = (await answer.JsonAsync()).Token();
        using var chat = await simulator.ChatWithAsync(token);

        Tokens.Claims(token).GetProperty("iss").GetString().ShouldBe($"{address}/{Tenant}/v2.0");
        chat.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_private_key_is_written()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--https-url", "https://127.0.0.1:0", "--certificate-directory", directory.FullName]);

        directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal).ShouldBe(["ca.pem", "localhost.pem"]);
        foreach (var file in directory.GetFiles())
            (await File.ReadAllTextAsync(file.FullName)).ShouldNotContain("PRIVATE");
    }

    [Fact]
    public async Task A_certificate_of_ones_own_will_do()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (file, keyFile) = (Path.Combine(directory.FullName, "own.pem"), Path.Combine(directory.FullName, "own-key.pem"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());

        await using var simulator = await SimulatorUnderTest.StartAsync(["--https-url", "https://127.0.0.1:0", "--certificate", file, "--certificate-key", keyFile]);
        using var client = Trusting(file);

        using var served = await client.GetAsync(simulator.Url("https:") + "/simulator/served");
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("--https-url", "https://127.0.0.1:0", "--https-url goes with")]
    [InlineData("--certificate-directory", "somewhere", "--https-url goes with")]
    [InlineData("--https-url", "http://127.0.0.1:0 --certificate-directory nowhere", "is not a URL to listen on, for example https://127.0.0.1:8493.")]
    [InlineData("--https-url", "https://127.0.0.1:0 --certificate a.pem", "--https-url goes with")]
    [InlineData("--https-url", "https://127.0.0.1:0 --certificate nowhere.pem --certificate-key nowhere.pem", "nowhere.pem")]
    public async Task A_certificate_that_is_missing_is_said_in_one_line(string option, string value, string part)
    {
        var error = new StringWriter();

        (await SimulatorCommand.RunAsync([option, .. value.Split(' ')], new StringWriter(), error)).ShouldBe(1);

        error.ToString().ShouldContain(part);
        error.ToString().ShouldNotContain("   at ");
    }

    private static HttpClient Trusting(string file)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(file);
        return new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
    }
}
