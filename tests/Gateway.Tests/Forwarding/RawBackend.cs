using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A backend that writes what no server with manners does: one answer, byte for byte, to each request; then it hangs up, or says no more.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    /// <param name="answer">All of it, head and body; a character is a byte.</param>
    /// <param name="hangsUp">Whether it hangs up behind the answer, or waits until the other side does.</param>
    public RawBackend(string answer, bool hangsUp = true)
    {
        listener.Start();
        serving = ServeAsync(Encoding.Latin1.GetBytes(answer), hangsUp);
    }

    public string Endpoint => $"http://{listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task ServeAsync(byte[] answer, bool hangsUp)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await ReadAsync(reader);
                await client.GetStream().WriteAsync(answer, stopping.Token);
                if (!hangsUp)
                    await reader.ReadToEndAsync(stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is to stop.
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var length = 0;
        while (await reader.ReadLineAsync(stopping.Token) is { Length: > 0 } line)
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line[15..], CultureInfo.InvariantCulture);
        await reader.ReadBlockAsync(new char[length], stopping.Token);
    }
}
