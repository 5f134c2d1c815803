using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Bench.Load;

/// <summary>One client: sends prepared bytes and reads past the answer. Not for two requests at once.</summary>
/// <param name="from">From which address it calls.</param>
internal sealed class Connection(IPEndPoint server, IPAddress from) : IDisposable
{
    // An answer of the upstream in one piece; thousands of connections have one each.
    private const int BufferSize = 8192;

    private readonly byte[] buffer = new byte[BufferSize];
    private readonly BodyReader body = new();
    private Socket? socket;
    private bool isDisposed;

    public async ValueTask OpenAsync()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        socket?.Dispose();
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(server);
    }

    /// <returns>The answer; one without a status where the connection broke, which is then opened anew.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer> AskAsync(ReadOnlyMemory<byte> request)
    {
        try
        {
            if (socket is null)
                await OpenAsync();
            await socket!.SendAsync(request, SocketFlags.None);
            return await ReadAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            socket?.Dispose();
            socket = null;
            return default;
        }
    }

    public void Dispose()
    {
        isDisposed = true;
        socket?.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer> ReadAsync()
    {
        var (filled, end) = (0, -1);
        while (end < 0)
        {
            filled += await ReceiveAsync(filled);
            end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        var head = AnswerHead.Parse(buffer.AsSpan(0, end));
        body.Start(head.BodyLength);
        var firstByte = Stopwatch.GetTimestamp();
        var hasBody = filled > end + 4;
        var isWhole = body.Read(buffer.AsSpan(end + 4, filled - end - 4));
        while (!isWhole)
        {
            var received = await ReceiveAsync(0);
            if (!hasBody)
                (firstByte, hasBody) = (Stopwatch.GetTimestamp(), true);
            isWhole = body.Read(buffer.AsSpan(0, received));
        }
        if (head.IsLast)
            await OpenAsync();
        return new Answer(head.Status, body.Length, body.Lines, body.IsDone, firstByte);
    }

    private async ValueTask<int> ReceiveAsync(int start)
    {
        var received = await socket!.ReceiveAsync(buffer.AsMemory(start), SocketFlags.None);
        return received > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
    }
}
