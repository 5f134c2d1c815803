using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A backend's answer whose headers are here and whose body is still to come.</summary>
/// <param name="streaming">Whether a stream was asked for: what it is then taken for where its headers do not say.</param>
internal sealed class BackendAnswer(Backend backend, HttpResponseMessage message, Stream body, bool streaming, Deadline deadline, TimeSpan pause) : IDisposable
{
    // What somebody looks for at the beginning of a stream, and what a backend complains of, is far shorter.
    private const int MostPeeked = 64 * 1024;

    // Read ahead, to be read again.
    private ReadOnlyMemory<byte> peeked;

    public Backend Backend => backend;

    /// <summary>As the client gets it. Of a 205 Kestrel sends neither a body nor that there is none, and the client would wait for it: it becomes a 200.</summary>
    public int Status => (int)(message.StatusCode == HttpStatusCode.ResetContent ? HttpStatusCode.OK : message.StatusCode);

    public System.Net.Http.Headers.HttpResponseHeaders Headers => message.Headers;

    /// <summary>Null where there is none, and of a 204, which has no body: Kestrel takes a length there for a mistake of ours.</summary>
    // Each look at the headers parses it anew.
    public long? ContentLength { get; } = message.StatusCode == HttpStatusCode.NoContent ? null : message.Content.Headers.ContentLength;

    /// <summary>Null where there is none, or none that can be sent on.</summary>
    public string? ContentType { get; } =
        message.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) && values.ToString() is var type && PassedHeaders.IsPrintable(type) ? type : null;

    public bool IsEventStream => ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? streaming;

    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="OperationCanceledException">The backend paused for too long, or the client has gone.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (peeked.Length == 0)
            return ReadBodyAsync(buffer);
        var count = Math.Min(buffer.Length, peeked.Length);
        peeked[..count].CopyTo(buffer);
        peeked = peeked[count..];
        return ValueTask.FromResult(count);
    }

    /// <summary>Sends on what was written of it. Where the client is waited for, the clock stands: a client that reads slowly is no backend that pauses.</summary>
    public ValueTask<FlushResult> FlushAsync(PipeWriter writer, CancellationToken cancellation)
    {
        var flushing = writer.FlushAsync(cancellation);
        if (!flushing.IsCompleted)
            deadline.Stop();
        return flushing;
    }

    /// <summary>Reads a stream up to the end of its first event, all of which is still there to be read afterwards.</summary>
    /// <returns>The event's data; empty where the stream ends before, or the event is longer than <see cref="MostPeeked"/>.</returns>
    /// <exception cref="OperationCanceledException">The backend paused for too long, or the client has gone.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> PeekFirstEventAsync()
    {
        using var events = new EventBuffer();
        var read = new ArrayBufferWriter<byte>();
        ReadOnlyMemory<byte> data = default;
        for (var isFound = false; !isFound && read.WrittenCount < MostPeeked;)
        {
            var space = events.Space();
            var count = await ReadBodyAsync(space);
            if (count == 0)
                break;
            read.Write(space.Span[..count]);
            events.Filled(count);
            // A comment or an empty event is none that says anything.
            while (!isFound && events.TryTake(out var taken))
                (isFound, data) = (!taken.Data.IsEmpty, taken.Data.ToArray());
        }
        peeked = read.WrittenMemory;
        return data;
    }

    /// <summary>Reads a body to its end, all of which is still there to be read afterwards.</summary>
    /// <returns>The body; only its beginning where it is longer than <see cref="MostPeeked"/>.</returns>
    /// <exception cref="OperationCanceledException">The backend paused for too long, or the client has gone.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync()
    {
        var read = new ArrayBufferWriter<byte>();
        while (read.WrittenCount < MostPeeked && await ReadBodyAsync(read.GetMemory()) is var count and > 0)
            read.Advance(count);
        return peeked = read.WrittenMemory;
    }

    public void Dispose()
    {
        // What is left of the body is not waited for: the connection goes if it must.
        message.Dispose();
        deadline.Dispose();
    }

    private ValueTask<int> ReadBodyAsync(Memory<byte> buffer)
    {
        var reading = body.ReadAsync(buffer, deadline.Token);
        // What is here already needs no clock.
        if (reading.IsCompleted)
            deadline.Stop();
        else
            deadline.Extend(pause);
        return reading;
    }
}
