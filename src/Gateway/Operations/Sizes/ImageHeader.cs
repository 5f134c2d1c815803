using System.Buffers.Binary;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>How large an image says that it is: PNG, JPEG, GIF and WebP, which are what the models take.</summary>
internal static class ImageHeader
{
    // All that WebP and PNG need. No image is shorter that a model takes.
    private const int Start = 30;

    /// <returns>In pixels; zeros where it cannot be read.</returns>
    public static (int Width, int Height) Read(ReadOnlySpan<byte> base64)
    {
        Span<byte> start = stackalloc byte[Start];
        if (!new Base64Bytes(base64).TryRead(start))
            return default;
        if (start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..])
            return Png(start);
        if (start is [0xFF, 0xD8, ..])
            return JpegHeader.Read(base64);
        if (start.StartsWith("GIF8"u8))
            return GifHeader.Read(base64, start);
        return start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? WebP(start) : default;
    }

    // https://www.w3.org/TR/png/#11IHDR
    private static (int Width, int Height) Png(ReadOnlySpan<byte> start) =>
        start[12..].StartsWith("IHDR"u8) && BinaryPrimitives.ReadInt32BigEndian(start[16..]) is > 0 and var width && BinaryPrimitives.ReadInt32BigEndian(start[20..]) is > 0 and var height
            ? (width, height)
            : default;

    // https://developers.google.com/speed/webp/docs/riff_container
    private static (int Width, int Height) WebP(ReadOnlySpan<byte> start)
    {
        var kind = start[12..16];
        if (kind.SequenceEqual("VP8 "u8))
            return start[23..26] is [0x9D, 0x01, 0x2A] ? (Fourteen(start[26..]), Fourteen(start[28..])) : default;
        if (kind.SequenceEqual("VP8X"u8))
            return (TwentyFour(start[24..]) + 1, TwentyFour(start[27..]) + 1);
        if (!kind.SequenceEqual("VP8L"u8) || start[20] != 0x2F)
            return default;
        var both = BinaryPrimitives.ReadUInt32LittleEndian(start[21..]);
        return ((int)(both & 0x3FFF) + 1, (int)(both >> 14 & 0x3FFF) + 1);
    }

    private static int Fourteen(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3FFF;

    private static int TwentyFour(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
