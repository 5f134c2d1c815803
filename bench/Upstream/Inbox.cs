using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Upstream;

/// <summary>Reads the requests of one connection. What a request is larger than a small buffer, it borrows and gives back.</summary>
internal sealed class Inbox(Socket socket) : IDisposable
{
    // Thousands of connections have one each, and most requests fit.
    private const int SmallBuffer = 4096;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int filled;

    /// <returns>The next request, its body read; null when the client has hung up.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Request?> ReadAsync()
    {
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            if (!await ReceiveAsync())
                return null;
        var (head, start) = (RequestHead.Parse(buffer.AsSpan(0, end)), end + 4);
        if (head.BodyLength is not { } length)
            return await ReadChunksAsync(head, start);
        Ensure(start + length);
        while (filled < start + length)
            if (!await ReceiveAsync())
                return null;
        var request = RequestOf(head, buffer.AsSpan(start, length));
        Forget(start + length);
        return request;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private async ValueTask<Request?> ReadChunksAsync(RequestHead head, int start)
    {
        var body = new ChunkedBody(start);
        while (!body.Advance(buffer.AsSpan(0, filled)))
            if (!await ReceiveAsync())
                return null;
        var request = RequestOf(head, buffer.AsSpan(start, body.End - start));
        Forget(body.Next);
        return request;
    }

    private static Request RequestOf(RequestHead head, ReadOnlySpan<byte> body)
    {
        var streams = IsTrue(body, "\"stream\""u8);
        return new Request(head.Profile, streams, streams && IsTrue(body, "\"include_usage\""u8), head.IsLast);
    }

    // Text with such a name in it has its quotes escaped.
    private static bool IsTrue(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var at = body.IndexOf(name);
        return at >= 0 && body[(at + name.Length)..].TrimStart(" :\t\r\n"u8).StartsWith("true"u8);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveAsync()
    {
        if (filled == buffer.Length)
            Ensure(filled * 2);
        var received = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
        filled += received;
        return received > 0;
    }

    private void Ensure(int size)
    {
        if (size > buffer.Length)
            Move(size, 0);
    }

    // Whatever follows is the next request's.
    private void Forget(int used)
    {
        if (buffer.Length > SmallBuffer && filled - used <= SmallBuffer)
            Move(SmallBuffer, used);
        else
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
        filled -= used;
    }

    private void Move(int size, int from)
    {
        var other = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(from, filled - from).CopyTo(other);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = other;
    }
}
