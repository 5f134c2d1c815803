using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>https by a certificate from a file, as openssl makes them and curl checks them.</summary>
public sealed class HttpsTests
{
    [Theory]
    [InlineData("both.pem", null)]
    [InlineData("certificate.pem", "key.pem")]
    [InlineData("both.pfx", null)]
    public async Task Curl_trusts_the_server_with_the_certificate(string certificate, string? key)
    {
        using var folder = new TempDirectory();
        await MakeCertificatesAsync(folder.Path);
        string[] options = ["--url", "https://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0", "--certificate", certificate];
        await using var server = ServerProcess.Start(folder.Path, new() { ["OPENAIPROXY_CERTIFICATE_PASSWORD"] = certificate == "both.pfx" ? "secret" : "" },
            key is null ? options : [.. options, "--certificate-key", key]);
        var announced = await server.ReadyAsync();

        var answer = await Command.RunAsync("curl", "--silent", "--show-error", "--fail", "--cacert", Path.Combine(folder.Path, "certificate.pem"), $"{announced.Public}healthz/live");

        announced.Public.Scheme.ShouldBe("https");
        announced.Admin.Scheme.ShouldBe("http");
        answer.ShouldSucceed().ShouldBe("""{"status":"live"}""");
    }

    [Fact]
    public async Task Client_that_would_speak_http_2_still_hears_why_its_stream_broke()
    {
        using var folder = new TempDirectory();
        await MakeCertificatesAsync(folder.Path);
        await using var server = ServerProcess.Start(folder.Path, "--demo", "--url", "https://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0",
            "--simulator-url", "http://127.0.0.1:0", "--certificate", "both.pem");
        var announced = await server.ReadyAsync();
        using var simulator = new SimulatorControl(announced.Simulator);
        await simulator.FailAsync(new { kind = "errorEvent", after = 1 });

        // Where it was lost, it was lost every other time.
        for (var i = 0; i < 10; i++)
        {
            var answer = await Command.RunAsync("curl", "--silent", "--http2", "--cacert", Path.Combine(folder.Path, "certificate.pem"), $"{announced.Public}v1/chat/completions",
                "--header", "api-key: hackathon/ann", "--header", "Content-Type: application/json", "--data", """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");

            answer.Output.ShouldContain("""data: {"error":""");
            answer.ExitCode.ShouldNotBe(0);
        }
    }

    [Fact]
    public async Task Https_without_a_certificate_is_a_wrong_setting()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, "--url", "https://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0");

        (await server.EndAsync()).ShouldBe(2);

        server.Errors.ShouldStartWith("url: 'https://127.0.0.1:0' is https and needs a certificate");
    }

    [Fact]
    public async Task Certificate_that_cannot_be_read_is_a_wrong_setting()
    {
        using var folder = new TempDirectory();
        await MakeCertificatesAsync(folder.Path);
        await using var server = ServerProcess.Start(folder.Path, "--url", "https://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0", "--certificate", "both.pfx");

        (await server.EndAsync()).ShouldBe(2);

        server.Errors.ShouldStartWith("certificate: 'both.pfx' cannot be read");
        server.Errors.Trim().ShouldNotContain("\n");
    }

    private static async Task MakeCertificatesAsync(string folder) => (await Command.RunAsync("bash", "-euc", $"""
        cd '{folder}'
        openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -subj /CN=test -addext subjectAltName=IP:127.0.0.1
        cat certificate.pem key.pem > both.pem
        openssl pkcs12 -export -in certificate.pem -inkey key.pem -out both.pfx -passout pass:secret
        """)).ShouldSucceed();
}
