using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>
/// What somebody has who begins: a server without the demo, the simulator alone in place of Azure, and the command line, each a
/// process of its own. Commands run in the directory where the server has its data.
/// </summary>
internal sealed class NewInstallation : IAsyncDisposable
{
    private const string UsualPublic = "http://127.0.0.1:8080";
    private const string UsualSimulator = "http://127.0.0.1:8090";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempDirectory directory = new();
    private ServerProcess? simulator;
    private ServerProcess? server;

    public string Public { get; private set; } = null!;

    public string Admin { get; private set; } = null!;

    public string Simulator { get; private set; } = null!;

    /// <summary>The directory where the server and the commands were started.</summary>
    public string Directory => directory.Path;

    public static string BuiltCli => Repository.PathOf($"src/Cli/bin/{Repository.Configuration}/net10.0/OpenAIProxy.Cli.dll");

    public async Task<NewInstallation> StartAsync()
    {
        string[] built = ["dotnet", Repository.PathOf($"src/Simulator/bin/{Repository.Configuration}/net10.0/OpenAIProxy.Simulator.dll")];
        simulator = ServerProcess.Start(directory.Path, built, [], "--url", "http://127.0.0.1:0", "--latency", "none");
        Simulator = await simulator.SaysAsync(@"http://127\.0\.0\.1:\d+");
        server = ServerProcess.Start(directory.Path, ["--no-demo", .. ServerProcess.FreePorts]);
        var announced = await server.ReadyAsync();
        Public = announced.Public.ToString().TrimEnd('/');
        Admin = announced.Admin.ToString().TrimEnd('/');
        await WriteProgramAsync();
        return this;
    }

    /// <summary>Runs a command as it stands in a guide: with the ports that guides name replaced by those of this installation.</summary>
    public Task<Ended> TypeAsync(string command)
    {
        // Both at once: a port of ours may be one that guides name.
        var typed = Regex.Replace(
            command, $"{Regex.Escape(UsualPublic)}|{Regex.Escape(UsualSimulator)}", usual => usual.Value == UsualPublic ? Public : Simulator, RegexOptions.None, TimeSpan.FromSeconds(1));
        // As at a terminal, where notes and answers stand below each other.
        return RunAsync(["bash", "-c", $"cd '{directory.Path}' && {{ {typed}\n}} 2>&1"], []);
    }

    /// <summary>Runs a sample as its reader would.</summary>
    public Task<Ended> RunSampleAsync(string sample, params (string Name, string Value)[] environment) => RunAsync(
        ["bash", "-c", $"cd '{directory.Path}' && bash '{Repository.PathOf(sample)}'"],
        [("PROXY_URL", Public), ("AZURE_OPENAI_ENDPOINT", Simulator), .. environment]);

    /// <summary>What the guide prints has the ports that guides name.</summary>
    public string WithUsualPorts(string text) => text
        .Replace(Public, UsualPublic, StringComparison.Ordinal)
        .Replace(Simulator, UsualSimulator, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { server, simulator })
            if (process is not null)
                await process.DisposeAsync();
        directory.Dispose();
    }

    private Task<Ended> RunAsync(string[] words, (string Name, string Value)[] environment)
    {
        var all = new Dictionary<string, string>();
        // What a test says comes last and counts.
        foreach (var (name, value) in environment)
            all[name] = value;
        all["PATH"] = $"{directory.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        all["OPENAIPROXY_ADMIN_URL"] = Admin;
        // The token is found where the server has put it, in data/ of the directory.
        all["OPENAIPROXY_ADMIN_TOKEN"] = "";
        return Command.RunAsync(words, all);
    }

    // Published it is called openai-proxy; built, it is an assembly.
    private async Task WriteProgramAsync()
    {
        var program = Path.Combine(directory.Path, "bin", "openai-proxy");
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{BuiltCli}' \"$@\"\n");
        File.SetUnixFileMode(program, Executable);
    }
}
