using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>A client in a language of its own, in one process for all its orders: a line of JSON each way.</summary>
internal sealed class ScriptProgram : IClientProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    public ScriptProgram(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = Repository.PathOf("python/src");
        // A key that the machine has for its own purposes must not be what opens the door here.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("OPENAI_", StringComparison.Ordinal) || n.StartsWith("AZURE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, said) => errors.AppendLine(said.Data);
        process.Start();
        process.BeginErrorReadLine();
    }

    /// <param name="options">Of node itself.</param>
    public static ScriptProgram Node(string script, params string[] options) => new(["node", .. options, Repository.PathOf($"tests/Clients.Tests/Node/{script}")]);

    public static ScriptProgram Python(string script) => new("/usr/bin/python3", Repository.PathOf($"tests/Clients.Tests/Python/{script}"));

    public async Task<Seen> DoAsync(Order order)
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, JsonSerializerOptions.Web).AsMemory(), patience.Token);
        await process.StandardInput.FlushAsync(patience.Token);
        var line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"The program ended.\n{errors}");
        return JsonSerializer.Deserialize<Seen>(line, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using (var patience = new CancellationTokenSource(Patience))
            await process.WaitForExitAsync(patience.Token);
        process.Dispose();
    }
}
