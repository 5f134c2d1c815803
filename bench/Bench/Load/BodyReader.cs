using System.Buffers.Text;

namespace OpenAIProxy.Bench.Load;

/// <summary>Reads past a body, by its length or in chunks, and keeps what tells whether it is right. Pieces may end anywhere.</summary>
internal sealed class BodyReader
{
    private const int LongestSize = 16;

    private static readonly byte[] Done = [.. "data: [DONE]\n\n"u8];

    private readonly byte[] ending = new byte[Done.Length];
    private readonly byte[] size = new byte[LongestSize];
    private int sizeLength;
    private bool inChunks;
    private bool inSize;
    private long left;

    public long Length { get; private set; }

    public int Lines { get; private set; }

    public bool IsDone => ending.AsSpan().SequenceEqual(Done);

    /// <param name="length">Null is in chunks.</param>
    public void Start(long? length)
    {
        (inChunks, inSize, sizeLength) = (length is null, length is null, 0);
        left = length ?? 0;
        (Length, Lines) = (0, 0);
        ending.AsSpan().Clear();
    }

    /// <returns>Whether the body is whole.</returns>
    public bool Read(ReadOnlySpan<byte> piece)
    {
        if (!inChunks)
        {
            Keep(piece);
            return (left -= piece.Length) <= 0;
        }
        while (piece.Length > 0)
            if (inSize ? ReadSize(ref piece) : ReadChunk(ref piece))
                return true;
        return false;
    }

    // Up to its line's end. The size of nothing ends the body; the empty line behind it is read as a line of no size.
    private bool ReadSize(ref ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOf((byte)'\n');
        var part = end < 0 ? piece : piece[..end];
        part = part[..Math.Min(part.Length, LongestSize - sizeLength)];
        part.CopyTo(size.AsSpan(sizeLength));
        sizeLength += part.Length;
        piece = end < 0 ? [] : piece[(end + 1)..];
        if (end < 0)
            return false;
        var isLast = sizeLength <= 1 && left < 0;
        if (sizeLength > 1 && left >= 0 && Utf8Parser.TryParse(size.AsSpan(0, sizeLength), out long length, out _, 'x'))
            // The line end behind a chunk belongs to it; after the last one only trailers and an empty line are left.
            (left, inSize) = length == 0 ? (-1, true) : (length + 2, false);
        sizeLength = 0;
        return isLast;
    }

    private bool ReadChunk(ref ReadOnlySpan<byte> piece)
    {
        var part = (int)Math.Min(left, piece.Length);
        Keep(piece[..(int)Math.Min(part, Math.Max(0, left - 2))]);
        piece = piece[part..];
        left -= part;
        inSize = left == 0;
        return false;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        Length += data.Length;
        Lines += data.Count((byte)'\n');
        if (data.Length >= ending.Length)
        {
            data[^ending.Length..].CopyTo(ending);
            return;
        }
        ending.AsSpan(data.Length).CopyTo(ending);
        data.CopyTo(ending.AsSpan(ending.Length - data.Length));
    }
}
