using System.Buffers.Binary;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>The size of a GIF is what its screen and its first picture cover: some readers go by one, some by the other. https://www.w3.org/Graphics/GIF/spec-gif89a.txt</summary>
internal static class GifHeader
{
    private const int ScreenEnd = 13;

    /// <param name="start">The first bytes, decoded.</param>
    /// <returns>In pixels; zeros where it cannot be read.</returns>
    public static (int Width, int Height) Read(ReadOnlySpan<byte> base64, ReadOnlySpan<byte> start)
    {
        var bytes = new Base64Bytes(base64);
        var flags = start[10];
        var colours = (flags & 0x80) != 0 ? 3 * (2 << (flags & 7)) : 0;
        if (!bytes.TrySkip(ScreenEnd + colours))
            return default;
        Span<byte> picture = stackalloc byte[8];
        int block;
        while ((block = bytes.Read()) == 0x21)
            if (!TrySkipExtension(ref bytes))
                return default;
        if (block != 0x2C || !bytes.TryRead(picture))
            return default;
        var (width, height) = (Number(picture) + Number(picture[4..]), Number(picture[2..]) + Number(picture[6..]));
        return (Math.Max(Number(start[6..]), width), Math.Max(Number(start[8..]), height));
    }

    private static bool TrySkipExtension(ref Base64Bytes bytes)
    {
        if (bytes.Read() < 0)
            return false;
        int length;
        while ((length = bytes.Read()) > 0)
            if (!bytes.TrySkip(length))
                return false;
        return length == 0;
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
