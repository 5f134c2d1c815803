using System.Buffers.Binary;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>The first bytes of a journal file: a name, the format's version, whose it is, and its checksum.</summary>
/// <param name="Server">As the database has it: a journal beside a foreign database must not be counted in it.</param>
/// <param name="FirstSequence">Of the file's first record.</param>
internal readonly record struct SegmentHeader(Guid Server, long FirstSequence)
{
    public const int Length = 8 + sizeof(int) + 16 + sizeof(long) + sizeof(uint);

    private const int Version = 2;
    private const int Summed = Length - sizeof(uint);

    private static ReadOnlySpan<byte> Name => "AOAIPJNL"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Name.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        Server.TryWriteBytes(bytes.AsSpan(12));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(28), FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Summed), Crc32C.Of(bytes.AsSpan(0, Summed)));
        return bytes;
    }

    /// <returns>Null where it is damaged.</returns>
    /// <exception cref="StorageException">It is whole, and of another version.</exception>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < Length || !bytes.StartsWith(Name)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[Summed..]) != Crc32C.Of(bytes[..Summed]))
            return null;
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
            throw new StorageException($"The journal '{path}' is of format {version}, and this version knows {Version}: start the version that wrote it.");
        return new SegmentHeader(new Guid(bytes[12..28]), BinaryPrimitives.ReadInt64LittleEndian(bytes[28..]));
    }
}
