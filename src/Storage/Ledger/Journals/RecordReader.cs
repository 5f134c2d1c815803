using System.Buffers.Binary;
using System.Text;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>Reads one record, or sees that there is none: nothing in it is believed before its checksum is right.</summary>
internal ref struct RecordReader
{
    private ReadOnlySpan<byte> rest;

    private RecordReader(ReadOnlySpan<byte> payload) => rest = payload;

    /// <param name="bytes">From where a record may begin.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <returns>Null where no whole record begins here.</returns>
    public static JournalRecord? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < RecordFormat.HeadLength + RecordFormat.ChecksumLength)
            return null;
        var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (payload is < 0 or > RecordFormat.LongestPayload || bytes.Length < RecordFormat.HeadLength + payload + RecordFormat.ChecksumLength)
            return null;
        var summed = bytes[..(RecordFormat.HeadLength + payload)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[summed.Length..]) != Crc32C.Of(summed))
            return null;
        length = summed.Length + RecordFormat.ChecksumLength;
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[(sizeof(int) + sizeof(byte))..]);
        return Parse((RecordKind)bytes[sizeof(int)], sequence, summed[RecordFormat.HeadLength..]);
    }

    private static JournalRecord? Parse(RecordKind kind, long sequence, ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new RecordReader(payload);
            return kind switch
            {
                RecordKind.Reserved => new JournalRecord(kind, sequence, sequence, Reservation: reader.Reservation(sequence)),
                RecordKind.Settled or RecordKind.Corrected => new JournalRecord(kind, sequence, reader.Number(), Settlement: reader.Settlement()),
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            // Its checksum is right, so another version wrote it, in another way. What cannot be read is damage, not a guess.
            return null;
        }
    }

    private Reservation Reservation(long id)
    {
        var flags = Take(1)[0];
        var demand = new Demand
        {
            Request = new Guid(Take(16)),
            Event = Text(),
            Attendee = Number(),
            Model = Text(),
            Operation = (Operation)checked((int)Number()),
            At = DateTimeOffset.FromUnixTimeMilliseconds(Number()),
            Hour = Number(),
            Input = Number(),
            StatedInput = Number(),
            Choices = Number(),
            Wanted = Number(),
            Least = Number(),
            Holds = [],
        };
        var (output, cost) = (Number(), Number());
        return new Reservation(id, (flags & RecordFormat.HasPrice) == 0 ? demand : demand with { Price = Price() }, output, cost);
    }

    // Without the source of the numbers, which an entry does not keep.
    private Price Price() => new(Number(), Number(), Number(), Number(), DateOnly.FromDayNumber(checked((int)Number())), "");

    private Settlement Settlement() => new(
        new Usage(Number(), Number(), Number(), Number()),
        Number(),
        (Exactness)checked((int)Number()),
        (Outcome)checked((int)Number()),
        DateTimeOffset.FromUnixTimeMilliseconds(Number()));

    private long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    private string Text() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))));

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
