using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>Where the measured processes listen. Thread-safe.</summary>
internal static class Ports
{
    // Below those that systems give to connections that go out (Linux: from 32,768 on), of which a load has thousands: one of them may take a port that is
    // free when it is chosen and not when its server starts, a quarter of an hour later.
    private const int First = 20_000;
    private const int Last = 32_767;

    private static int last = First - 1;

    /// <summary>A port of this machine that nobody listens on now and that has not been given out before.</summary>
    /// <exception cref="BenchException">There is none left.</exception>
    public static int Free()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref last);
            if (port > Last)
                throw new BenchException($"No port up to {Last} is free.");
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one.
            }
        }
    }
}
