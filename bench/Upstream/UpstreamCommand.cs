using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Upstream;

/// <summary>What is typed to start the upstream. It ends with Ctrl-C or SIGTERM.</summary>
internal static class UpstreamCommand
{
    // As many as the largest scenario has connections, which all come at once.
    private const int Backlog = 16_384;

    private static readonly Option<int> Port = new("--port") { Description = "Where it listens, on 127.0.0.1. 0 takes a free port." };

    public static RootCommand Create()
    {
        var command = new RootCommand("Azure OpenAI as the bench needs it: prepared answers, cheaper than anything that is measured against them.") { Port };
        command.SetAction((parsed, cancellation) => ServeAsync(parsed.GetValue(Port), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task ServeAsync(int port, TextWriter output, CancellationToken cancellation)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(Backlog);
        await output.WriteLineAsync($"Listening on http://{listener.LocalEndPoint}");
        await output.FlushAsync(cancellation);
        var pace = new Pace(TimeProvider.System);
        try
        {
            await Task.WhenAll(pace.RunAsync(cancellation), AcceptAsync(listener, pace, cancellation));
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    private static async Task AcceptAsync(Socket listener, Pace pace, CancellationToken cancellation)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync(cancellation);
            socket.NoDelay = true;
            // Not awaited: a connection ends when its client hangs up.
            _ = new Connection(socket, pace).ServeAsync();
        }
    }
}
