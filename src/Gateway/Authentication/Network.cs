using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>What counts as one address: an address of IPv4, or a /64 of IPv6, which one household or one room has whole.</summary>
internal readonly record struct Network(AddressFamily Family, ulong Prefix)
{
    public static Network Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        // At most as many as an address of IPv6 has.
        address.TryWriteBytes(bytes, out _);
        if (address.IsIPv4MappedToIPv6)
            return new Network(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new Network(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes))
            : new Network(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }
}
