using System.Security.Cryptography;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>
/// Names requests. <see cref="Guid.NewGuid"/> asks the system for its 16 bytes each time; here they are asked for by the page. Thread-safe.
/// </summary>
internal static class RequestId
{
    private const int Size = 16;

    [ThreadStatic]
    private static byte[]? random;

    [ThreadStatic]
    private static int left;

    /// <returns>A random one (version 4).</returns>
    public static Guid Next()
    {
        random ??= new byte[256 * Size];
        if (left == 0)
        {
            RandomNumberGenerator.Fill(random);
            left = random.Length;
        }
        left -= Size;
        var bytes = random.AsSpan(left, Size);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
