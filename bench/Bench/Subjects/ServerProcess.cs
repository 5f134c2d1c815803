using System.Diagnostics;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>A program that serves until it is asked to end. What it prints goes into a file, as a service's does.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string log;

    private ServerProcess(Process process, string log)
    {
        this.process = process;
        this.log = log;
    }

    /// <summary>The one that runs this program, so that all run on the same version.</summary>
    public static string Dotnet { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>What the runtime has used for compiling what runs often: the thread that does it is named so. Nothing where it is another runtime.</summary>
    public TimeSpan Compiling => ProcessUsage.OfThreads(process.Id, ".NET Tiered Com");

    /// <exception cref="BenchException">It has ended; the message has the end of what it printed.</exception>
    public ProcessUsage Usage => process.HasExited ? throw Ended("in the middle") : ProcessUsage.Of(process.Id);

    public bool HasExited => process.HasExited;

    /// <param name="variables">As NAME=VALUE.</param>
    public static ServerProcess Start(string log, IEnumerable<string> command, IEnumerable<string> variables)
    {
        // exec: the shell only opens the file, and its process becomes the program's.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. command]);
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");
        foreach (var variable in variables.Select(variable => variable.Split('=', 2)))
            start.Environment[variable[0]] = variable[^1];
        return new ServerProcess(Process.Start(start)!, log);
    }

    /// <summary>Waits until it answers, at most five minutes.</summary>
    /// <exception cref="BenchException">It ended instead; the message has the end of what it printed.</exception>
    public async Task ReadyAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromMinutes(5));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            if (process.HasExited)
                throw Ended("instead of serving");
            if (await isReady(timeout.Token))
                return;
        }
        while (await timer.WaitForNextTickAsync(timeout.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]);
            using var timeout = new CancellationTokenSource(LongestStop);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
    }

    private BenchException Ended(string when) => new($"A server ended with exit code {process.ExitCode} {when}:\n{string.Join('\n', File.ReadLines(log).TakeLast(20))}");
}
