using System.Buffers.Binary;
using System.Numerics;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>The checksum of RFC 3720, for which processors have an instruction. It notices every flipped bit, and every burst of up to 32.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
