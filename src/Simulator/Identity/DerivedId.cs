using System.Buffers.Binary;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Ids that nobody has given: always the same for the same text, whatever its case.</summary>
internal static class DerivedId
{
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        var text = string.Join('\n', parts).ToLowerInvariant();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Hash.Of(text, 1));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Hash.Of(text, 2));
        return new(bytes, bigEndian: true);
    }
}
