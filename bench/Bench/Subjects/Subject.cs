using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>Something that requests are sent to and that is measured: a process that listens on a port of this machine.</summary>
internal abstract class Subject(string name) : IAsyncDisposable
{
    private ServerProcess? process;

    public string Name { get; } = name;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, Ports.Free());

    public ProcessUsage Usage => process?.Usage ?? throw new BenchException($"{Name} does not run.");

    /// <inheritdoc cref="ServerProcess.Compiling"/>
    public TimeSpan Compiling => process?.Compiling ?? TimeSpan.Zero;

    /// <summary>Whether it has been warmed up. A process that is started in place of another has not.</summary>
    public bool IsWarm { get; set; }

    protected string Url => $"http://{Address}";

    /// <summary>Starts it, and waits until it answers. Does nothing where it runs already.</summary>
    /// <exception cref="BenchException">It ended instead.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (process is { HasExited: false })
            return;
        // One that has died in a scenario is there again for the next.
        await StopAsync();
        IsWarm = false;
        process = Launch();
        await process.ReadyAsync(IsReadyAsync, cancellation);
    }

    public async Task StopAsync()
    {
        if (process is null)
            return;
        await process.DisposeAsync();
        process = null;
    }

    public virtual async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>How many bytes it has allocated on the managed heap, or null where it does not say.</summary>
    public virtual Task<double?> AllocatedAsync(CancellationToken cancellation) => Task.FromResult<double?>(null);

    /// <summary>Waits until it has done what it still had to do behind its answers.</summary>
    public virtual Task QuietAsync(CancellationToken cancellation) => Task.CompletedTask;

    protected abstract ServerProcess Launch();

    protected virtual async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Address, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
