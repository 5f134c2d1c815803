using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Recorder;

namespace OpenAIProxy.Simulator.Wire;

/// <summary>
/// Where an answer leaves, whole or event by event, and where the faults of the wire happen. The entry ends just before the last
/// byte is written: who has read an answer to its end finds it counted.
/// </summary>
internal sealed class Outlet(HttpContext http, Entry entry, Fault? fault, Gate gate)
{
    // Behind the filter results and the role: the first words are lost or followed by the trouble.
    private const int UsualEvent = 2;
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();
    private static readonly byte[] Ping = ": ping\n\n"u8.ToArray();
    private static readonly byte[] UsualError =
        "data: {\"error\":{\"message\":\"The server had an error while processing your request. Sorry about that!\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n"u8.ToArray();

    private readonly CancellationToken cancellation = http.RequestAborted;
    private int events;

    public FaultKind? FaultKind => fault?.Kind;

    /// <summary>Before anything is generated for an answer that will be sent whole.</summary>
    public Task OpenBodyAsync() => Is(Faults.FaultKind.Hold) && !fault!.InBody ? HoldAsync() : Task.CompletedTask;

    public async Task SendBodyAsync(ReadOnlyMemory<byte> body)
    {
        Begin("application/json");
        if (Is(Faults.FaultKind.Truncate))
        {
            await WriteAsync(body[..(body.Length / 2)]);
            entry.End(EntryState.Failed);
            return;
        }

        http.Response.ContentLength = body.Length;
        if (Is(Faults.FaultKind.Reset))
        {
            await WriteAsync(body[..(body.Length / 2)]);
            await BreakOffAsync();
            return;
        }

        if (Is(Faults.FaultKind.Hold) && fault!.InBody)
        {
            await WriteAsync(body[..(body.Length / 2)]);
            await HoldAsync();
            body = body[(body.Length / 2)..];
        }

        await WriteLastAsync(body);
    }

    public async Task OpenStreamAsync()
    {
        Begin("text/event-stream");
        http.Response.Headers.CacheControl = "no-cache, must-revalidate";
        http.Response.Headers["x-accel-buffering"] = "no";
        if (!IsDue(Faults.FaultKind.Hold, 0))
            return;
        await http.Response.StartAsync(cancellation);
        await http.Response.BodyWriter.FlushAsync(cancellation);
        await HoldAsync();
    }

    /// <returns>False if the stream has been broken off: nothing more may be sent.</returns>
    public ValueTask<bool> SendEventAsync(ReadOnlyMemory<byte> data) =>
        fault is null ? SendPlainAsync(data) : SendFaultyAsync(data, isLast: false);

    public async Task SendDoneAsync()
    {
        if (Is(Faults.FaultKind.Truncate))
        {
            entry.End(EntryState.Failed);
            return;
        }

        if (fault is not null)
        {
            await SendFaultyAsync(Done, isLast: true);
            return;
        }

        entry.Complete();
        await WriteAsync(Done);
    }

    private async ValueTask<bool> SendPlainAsync(ReadOnlyMemory<byte> data)
    {
        await WriteAsync(data);
        return true;
    }

    private async ValueTask<bool> SendFaultyAsync(ReadOnlyMemory<byte> data, bool isLast)
    {
        if (IsDue(Faults.FaultKind.Hold, 0) && events > 0)
            await HoldAsync();
        if (IsDue(Faults.FaultKind.Reset, UsualEvent))
        {
            if (fault!.InBody)
                await WriteAsync(data[..(data.Length / 2)]);
            await BreakOffAsync();
            return false;
        }

        if (IsDue(Faults.FaultKind.Truncate, int.MaxValue) || IsDue(Faults.FaultKind.ErrorEvent, UsualEvent))
        {
            entry.End(EntryState.Failed);
            if (Is(Faults.FaultKind.ErrorEvent))
                await WriteAsync(fault!.Event is { } error ? System.Text.Encoding.UTF8.GetBytes($"data: {error}\n\n") : UsualError);
            return false;
        }

        events++;
        if (Is(Faults.FaultKind.Comments))
            await WriteAsync(Ping);
        data = Is(Faults.FaultKind.Crlf) ? WithCarriageReturns(data) : data;
        await (isLast ? WriteLastAsync(data) : Is(Faults.FaultKind.OneByte) ? WriteByteByByteAsync(data) : WriteAsync(data));
        return true;
    }

    private async Task WriteLastAsync(ReadOnlyMemory<byte> data)
    {
        if (Is(Faults.FaultKind.OneByte))
        {
            await WriteByteByByteAsync(data[..^1]);
            data = data[^1..];
        }

        entry.Complete();
        await WriteAsync(data);
    }

    private async Task WriteByteByByteAsync(ReadOnlyMemory<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
            await WriteAsync(data.Slice(i, 1));
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> data)
    {
        http.Response.BodyWriter.Write(data.Span);
        var flushed = await http.Response.BodyWriter.FlushAsync(cancellation);
        // A completed reader is a client that has gone, whether or not the token has heard of it yet.
        if (flushed.IsCompleted)
            throw new OperationCanceledException("The client has gone.", cancellation);
    }

    private void Begin(string contentType)
    {
        entry.Status = StatusCodes.Status200OK;
        http.Response.ContentType = Is(Faults.FaultKind.NoContentType) ? null : contentType;
    }

    private Task HoldAsync() => gate.WaitAsync(entry.ReachHold, cancellation);

    // The end of the connection in the middle of an answer. A plain abort would also take back what the client has not read yet, and
    // a test could not tell how much that is: so the sending half is closed, and the rest when the client has seen it.
    private async Task BreakOffAsync()
    {
        entry.End(EntryState.Failed);
        http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(gone.SetResult))
            await gone.Task;
        http.Abort();
    }

    private bool Is(FaultKind kind) => fault?.Kind == kind;

    private bool IsDue(FaultKind kind, int usual) => Is(kind) && events == (fault!.After ?? usual);

    private static byte[] WithCarriageReturns(ReadOnlyMemory<byte> data) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(data.Span).Replace("\n", "\r\n", StringComparison.Ordinal));
}
