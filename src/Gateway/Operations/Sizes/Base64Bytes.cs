using System.Buffers;
using System.Buffers.Text;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>
/// Reads the beginning of what a JSON string holds in base64, forward only. It is strict: whoever skips what is not base64, as some
/// decoders do, sees another image.
/// </summary>
internal ref struct Base64Bytes(ReadOnlySpan<byte> text)
{
    // In characters. Before an image's size there may be a profile of its colours and a small copy of it, of 64 KB each.
    private const int Reach = 512 * 1024;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private readonly ReadOnlySpan<byte> text = text[..Math.Min(text.Length, Reach)];
    private int at;
    private int bits;
    private int bitCount;

    /// <returns>The next byte; -1 at the end, and at what is not base64.</returns>
    public int Read()
    {
        while (bitCount < 8)
        {
            var six = NextSix();
            if (six < 0)
                return -1;
            bits = (bits << 6 | six) & 0xFFFF;
            bitCount += 6;
        }
        bitCount -= 8;
        return bits >> bitCount & 0xFF;
    }

    public bool TryRead(scoped Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            var read = Read();
            if (read < 0)
                return false;
            b = (byte)read;
        }
        return true;
    }

    public bool TrySkip(int bytes)
    {
        while (bytes > 0)
        {
            var groups = bitCount == 0 ? PlainGroups(bytes / 3) : 0;
            at += groups * 4;
            bytes -= groups * 3;
            if (groups > 0)
                continue;
            if (Read() < 0)
                return false;
            bytes--;
        }
        return true;
    }

    // How many groups of four characters, which are three bytes, come without an escape.
    private readonly int PlainGroups(int most)
    {
        var ahead = text.Slice(at, Math.Min(most * 4, text.Length - at));
        var plain = ahead.IndexOfAnyExcept(Alphabet);
        return (plain < 0 ? ahead.Length : plain) / 4;
    }

    private int NextSix()
    {
        if (at == text.Length)
            return -1;
        int character = text[at];
        var length = 1;
        if (character == '\\')
            (character, length) = Escaped(text[at..]);
        at += length;
        return character switch
        {
            >= 'A' and <= 'Z' => character - 'A',
            >= 'a' and <= 'z' => character - 'a' + 26,
            >= '0' and <= '9' => character - '0' + 52,
            '+' => 62,
            '/' => 63,
            _ => -1,
        };
    }

    private static (int Character, int Length) Escaped(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\\/"u8))
            return ('/', 2);
        return text.Length >= 6 && text[1] == 'u' && Utf8Parser.TryParse(text[2..6], out ushort character, out var read, 'x') && read == 4 ? (character, 6) : (-1, 1);
    }
}
