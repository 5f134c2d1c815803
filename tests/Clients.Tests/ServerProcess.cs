using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The built server as a process, which knows nothing but what a test tells it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Options that let any number of servers run at once.</summary>
    public static readonly string[] FreePorts = ["--url", "http://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0", "--simulator-url", "http://127.0.0.1:0"];

    private const int Term = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    private ServerProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, said) => Keep(said.Data);
        process.ErrorDataReceived += (_, said) => errors.AppendLine(said.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it has written to its standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>What it wrote to its standard error; complete once it has ended.</summary>
    public string Errors => errors.ToString();

    /// <summary>The program as it was built beside this test.</summary>
    public static string[] Built => ["dotnet", Repository.PathOf($"src/Server/bin/{Repository.Configuration}/net10.0/OpenAIProxy.Server.dll")];

    public static ServerProcess Start(string folder, params string[] options) => Start(folder, [], options);

    public static ServerProcess Start(string folder, Dictionary<string, string> environment, params string[] options) => Start(folder, Built, environment, options);

    public static ServerProcess Start(string folder, string[] program, Dictionary<string, string> environment, params string[] options)
    {
        var start = new ProcessStartInfo(program[0], [.. program[1..], .. options])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsHeard).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ServerProcess(start);
    }

    /// <summary>Waits for the announcement, whose end is one of two sentences.</summary>
    public async Task<Announced> ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var line in lines.Reader.ReadAllAsync(patience.Token))
            if (line.Contains("Ctrl-C stops the server", StringComparison.Ordinal) || line.StartsWith("Start it with --demo", StringComparison.Ordinal))
                return new Announced(Output);
        await EndAsync();
        throw new InvalidOperationException($"The server ended with {process.ExitCode} before it was ready.\n{Output}\n{Errors}");
    }

    /// <summary>Waits for a line that matches, and returns what matches of it.</summary>
    public async Task<string> SaysAsync(string pattern)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var line in lines.Reader.ReadAllAsync(patience.Token))
            if (Regex.Match(line, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } match)
                return match.Value;
        await EndAsync();
        throw new InvalidOperationException($"The process ended with {process.ExitCode} before it said {pattern}.\n{Output}\n{Errors}");
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Kill(process.Id, Term).ShouldBe(0, "the server has ended already");

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async Task<int> StopAsync()
    {
        Terminate();
        return await EndAsync();
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // What the machine that runs the tests tells its own servers is nothing to these.
    private static bool IsHeard(string variable) =>
        variable.StartsWith("OPENAIPROXY_", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || variable == "DOTNET_ENVIRONMENT";

    private void Keep(string? line)
    {
        if (line is null)
        {
            lines.Writer.Complete();
            return;
        }
        lock (output)
            output.Append(line).Append('\n');
        lines.Writer.TryWrite(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
