using System.Text.Json;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>
/// A server whose backend is a simulator that is also Entra ID, with https by an authority that the server trusts. Each is a
/// process of its own: what Azure.Identity reads is the environment, and what it trusts the process decides.
/// </summary>
internal sealed class EntraInstallation : IAsyncDisposable
{
    private const string AdminToken = "the-admin-token-of-this-test";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempDirectory directory = new();
    private ServerProcess? simulator;
    private Announced announced = null!;

    /// <summary>What the server is told by its environment, beside whom it trusts.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public ServerProcess Server { get; private set; } = null!;

    public SimulatorControl Simulator { get; private set; } = null!;

    /// <summary>Where Entra ID is, with https.</summary>
    public string Authority { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public HttpClient Api { get; private set; } = null!;

    public async Task StartSimulatorAsync()
    {
        string[] built = ["dotnet", Repository.PathOf($"src/Simulator/bin/{Repository.Configuration}/net10.0/OpenAIProxy.Simulator.dll")];
        simulator = ServerProcess.Start(directory.Path, built, [], "--url", "http://127.0.0.1:0", "--https-url", "https://127.0.0.1:0", "--certificate-directory", directory.Path, "--latency", "none");
        var urls = (await simulator.SaysAsync(@"http://127\.0\.0\.1:\d+, https://127\.0\.0\.1:\d+")).Split(", ");
        (Simulator, Authority) = (new SimulatorControl(new Uri(urls[0])), urls[1] + "/");
    }

    /// <summary>Starts the server, whose one backend gets tokens this way.</summary>
    public async Task StartServerAsync(object entra)
    {
        Environment["SSL_CERT_FILE"] = Path.Combine(directory.Path, "ca.pem");
        // Whatever asks for a managed identity finds this one, and never the metadata address of the machine that runs the tests.
        Environment["IDENTITY_ENDPOINT"] = new Uri(Simulator.Address, "/msi/token").ToString();
        Environment["IDENTITY_HEADER"] = "of-the-platform";
        Environment["OPENAIPROXY_ADMIN_TOKEN"] = AdminToken;
        Server = ServerProcess.Start(directory.Path, Environment, ["--demo", .. ServerProcess.FreePorts]);
        announced = await Server.ReadyAsync();
        Client = new HttpClient { BaseAddress = announced.Public };
        Api = new HttpClient { BaseAddress = announced.Admin, DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken) } };
        var known = await Api.SendAsync("GET", "/api/backends/simulator");
        var changed = await Api.SendAsync("PATCH", "/api/backends/simulator", JsonSerializer.Serialize(new { endpoint = Simulator.Address, entra }), known.Header("ETag"));
        changed.Status.ShouldBe(200, changed.Body);
    }

    /// <summary>Writes a file into the installation's directory.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> WriteAsync(string name, string content)
    {
        var path = Path.Combine(directory.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    /// <summary>Makes a program that the server finds before all others.</summary>
    public async Task WriteProgramAsync(string name, string script)
    {
        var path = await WriteAsync($"bin/{name}", "#!/bin/sh\n" + script);
        File.SetUnixFileMode(path, Executable);
        Environment["PATH"] = $"{Path.GetDirectoryName(path)}:{System.Environment.GetEnvironmentVariable("PATH")}";
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Api?.Dispose();
        Simulator?.Dispose();
        foreach (var process in new[] { Server, simulator })
            if (process is not null)
                await process.DisposeAsync();
        directory.Dispose();
    }
}
