using System.Buffers.Binary;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>Finds the frame of a JPEG behind its other segments. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1 and B.2.</summary>
internal static class JpegHeader
{
    /// <returns>In pixels; zeros where it cannot be read, or is told at the end of the image only.</returns>
    public static (int Width, int Height) Read(ReadOnlySpan<byte> base64)
    {
        var bytes = new Base64Bytes(base64);
        if (!bytes.TrySkip(2))
            return default;
        Span<byte> frame = stackalloc byte[7];
        while (NextMarker(ref bytes) is > 0 and var marker)
        {
            if (IsFrame(marker))
                // Length, bits of a sample, height, width.
                return bytes.TryRead(frame) ? (BinaryPrimitives.ReadUInt16BigEndian(frame[5..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..])) : default;
            // The image's end, or its data.
            if (marker is 0xD9 or 0xDA)
                return default;
            if (marker is 0x01 or >= 0xD0 and <= 0xD8)
                continue;
            var length = frame[..2];
            if (!bytes.TryRead(length) || BinaryPrimitives.ReadUInt16BigEndian(length) is var own && own < 2 || !bytes.TrySkip(own - 2))
                return default;
        }
        return default;
    }

    // Any number of 0xFF may stand before it.
    private static int NextMarker(ref Base64Bytes bytes)
    {
        if (bytes.Read() != 0xFF)
            return -1;
        int marker;
        do
            marker = bytes.Read();
        while (marker == 0xFF);
        return marker;
    }

    // C4, C8 and CC lie among them, but are tables.
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
