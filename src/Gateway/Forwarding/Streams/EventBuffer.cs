using System.Buffers;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>
/// Cuts a stream of bytes into server-sent events, wherever the network cut it: lines may end in LF, CR LF or CR, several
/// events may come in one read and one event over many.
/// </summary>
internal sealed class EventBuffer : IDisposable
{
    /// <summary>The longest event that is taken, in bytes: far more than a chunk of any answer.</summary>
    public const int MaxEvent = 16 * 1024 * 1024;

    // Thousands of streams wait for their next event at once, each with a buffer, and an event has some 300 bytes.
    private const int FirstSize = 2 * 1024;

    // Those that come faster get more at a time.
    private const int FastSize = 16 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int start;
    private int end;

    // Where the search for the end of the current event goes on, and where its current line began.
    private int scanned;
    private int lineStart;

    /// <summary>Room for the next read; never empty. Events taken before are gone after this call.</summary>
    /// <exception cref="InvalidDataException">The event that is being read is longer than <see cref="MaxEvent"/>.</exception>
    public Memory<byte> Space()
    {
        var wasFull = end == buffer.Length;
        if (start > 0)
            MoveToFront();
        if (end == buffer.Length || (wasFull && buffer.Length < FastSize))
            Grow();
        return buffer.AsMemory(end);
    }

    public void Filled(int count) => end += count;

    /// <summary>The next whole event.</summary>
    public bool TryTake(out ServerSentEvent taken)
    {
        while (scanned < end)
        {
            var offset = buffer.AsSpan(scanned, end - scanned).IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0)
            {
                scanned = end;
                break;
            }
            var lineEnd = scanned + offset;
            if (NextLine(lineEnd) is not { } next)
            {
                // A CR at the end of what is here may be half of a CR LF.
                scanned = lineEnd;
                break;
            }
            var isBlank = lineEnd == lineStart;
            (scanned, lineStart) = (next, next);
            if (!isBlank)
                continue;
            taken = Take(next);
            return true;
        }
        taken = default;
        return false;
    }

    /// <summary>What came behind the last blank line: an event that the stream ended in the middle of, or right behind.</summary>
    public bool TryTakeRest(out ServerSentEvent rest)
    {
        rest = end > start ? Take(end) : default;
        return rest.Raw.Length > 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private int? NextLine(int lineEnd)
    {
        if (buffer[lineEnd] == '\n')
            return lineEnd + 1;
        if (lineEnd + 1 == end)
            return null;
        return buffer[lineEnd + 1] == '\n' ? lineEnd + 2 : lineEnd + 1;
    }

    private ServerSentEvent Take(int next)
    {
        var raw = buffer.AsMemory(start, next - start);
        (start, scanned, lineStart) = (next, next, next);
        return new ServerSentEvent(raw, EventData.Of(raw));
    }

    private void MoveToFront()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (end, scanned, lineStart, start) = (end - start, scanned - start, lineStart - start, 0);
    }

    private void Grow()
    {
        if (buffer.Length >= MaxEvent)
            throw new InvalidDataException("A streamed event is longer than the gateway takes.");
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
