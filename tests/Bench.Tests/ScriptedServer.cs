using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.Bench.Tests;

/// <summary>A server that answers each request with the bytes that a test wants, one connection beside the other.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, int, Task> answer;
    private int requests;

    /// <param name="answer">Gets the connection, and the request's number from 1 on over all connections; one that closes it ends it.</param>
    public ScriptedServer(Func<Socket, int, Task> answer, IPEndPoint? address = null)
    {
        this.answer = answer;
        listener.Bind(address ?? new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public int Requests => Volatile.Read(ref requests);

    /// <summary>One that answers all requests in the same way.</summary>
    public static ScriptedServer Always(string answer) => new((socket, _) => SendAsync(socket, answer));

    public static Task SendAsync(Socket socket, string text) => socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None);

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync();
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
            try
            {
                while (await ReadRequestAsync(socket))
                    await answer(socket, Interlocked.Increment(ref requests));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test wanted the connection to break.
            }
    }

    // A client sends its next request when it has its answer, so nothing follows a request.
    private static async Task<bool> ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None);
            if (received == 0)
                return false;
            text.Append(Encoding.ASCII.GetString(buffer, 0, received));
        }
        return true;
    }

    private static bool IsWhole(string request)
    {
        const string length = "Content-Length: ";
        var (head, at) = (request.IndexOf("\r\n\r\n", StringComparison.Ordinal), request.IndexOf(length, StringComparison.Ordinal));
        return head >= 0 && request.Length == head + 4 + int.Parse(request[(at + length.Length)..head], System.Globalization.CultureInfo.InvariantCulture);
    }
}
