using System.Buffers.Binary;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

/// <summary>The beginnings of images as the formats have them, as far as the first pixel.</summary>
internal static class ImageFiles
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 5))];

    public static byte[] Png(uint width, uint height) =>
        [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. Big(width), .. Big(height), 8, 6, 0, 0, 0, 1, 2, 3, 4, .. Pixels];

    /// <param name="before">Bytes of a segment between the beginning and the frame, as cameras write them.</param>
    /// <param name="frame">0xC0 is baseline, 0xC2 progressive.</param>
    public static byte[] Jpeg(int width, int height, int before = 0, byte frame = 0xC0) =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        .. before == 0 ? [] : (byte[])[0xFF, 0xE1, .. Big16(before + 2), .. Enumerable.Range(0, before).Select(i => (byte)(i % 3 == 0 ? 0xFF : 0xC0))],
        0xFF, 0xFF, 0xC4, 0, 4, 1, 2, 0xFF, frame, 0, 17, 8, .. Big16(height), .. Big16(width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xDA, .. Pixels,
    ];

    /// <param name="colours">How many bits the table of colours has; 0 is none.</param>
    public static byte[] Gif(int screenWidth, int screenHeight, int width, int height, int colours = 2) =>
    [
        .. "GIF89a"u8, .. Little16(screenWidth), .. Little16(screenHeight), (byte)(colours == 0 ? 0 : 0x80 | (colours - 1)), 0, 0,
        .. new byte[colours == 0 ? 0 : 3 << colours], 0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x21, 0xFE, 5, .. "hello"u8, 0, 0x2C, 0, 0, 0, 0, .. Little16(width), .. Little16(height), 0, .. Pixels,
    ];

    public static byte[] WebPLossy(int width, int height) =>
        [.. Riff("VP8 "), 0x30, 1, 0, 0x9D, 1, 0x2A, .. Little16(width), .. Little16(height), .. Pixels];

    public static byte[] WebPLossless(int width, int height)
    {
        var both = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(both, (uint)(width - 1) | (uint)(height - 1) << 14);
        return [.. Riff("VP8L"), 0x2F, .. both, .. Pixels];
    }

    public static byte[] WebPExtended(int width, int height) =>
        [.. Riff("VP8X"), 0x10, 0, 0, 0, .. BitConverter.GetBytes(width - 1).AsSpan(0, 3), .. BitConverter.GetBytes(height - 1).AsSpan(0, 3), .. Pixels];

    public static string DataUrl(byte[] file, string type = "image/png") => $"data:{type};base64,{Convert.ToBase64String(file)}";

    private static byte[] Riff(string kind) => [.. "RIFF"u8, 60, 0, 0, 0, .. "WEBP"u8, .. Encoding.ASCII.GetBytes(kind), 44, 0, 0, 0];

    private static byte[] Big(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Big16(int number) => [(byte)(number >> 8), (byte)(number & 0xFF)];

    private static byte[] Little16(int number) => [(byte)(number & 0xFF), (byte)(number >> 8)];
}
