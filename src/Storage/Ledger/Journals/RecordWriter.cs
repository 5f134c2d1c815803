using System.Buffers.Binary;
using System.Text;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>Collects the records of one write. Reused from write to write, so that it allocates only while it grows. For one thread.</summary>
internal sealed class RecordWriter
{
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, end);

    public void Clear() => end = 0;

    public void Reserved(Reservation reservation)
    {
        var demand = reservation.Demand;
        Begin(RecordKind.Reserved, reservation.Id);
        Byte(demand.Price is null ? (byte)0 : RecordFormat.HasPrice);
        demand.Request.TryWriteBytes(Room(16));
        Text(demand.Event);
        Number(demand.Attendee);
        Text(demand.Model);
        Number((int)demand.Operation);
        Number(demand.At.ToUnixTimeMilliseconds());
        Number(demand.Hour);
        Number(demand.Input);
        Number(demand.StatedInput);
        Number(demand.Choices);
        Number(demand.Wanted);
        Number(demand.Least);
        Number(reservation.Output);
        Number(reservation.Cost);
        if (demand.Price is { } price)
        {
            Number(price.Input);
            Number(price.CachedInput);
            Number(price.Output);
            Number(price.Image);
            Number(price.AsOf.DayNumber);
        }
        End();
    }

    public void Settled(RecordKind kind, long sequence, long reservationId, Settlement settlement)
    {
        Begin(kind, sequence);
        Number(reservationId);
        Number(settlement.Usage.Input);
        Number(settlement.Usage.CachedInput);
        Number(settlement.Usage.Output);
        Number(settlement.Usage.Reasoning);
        Number(settlement.Cost);
        Number((int)settlement.Exactness);
        Number((int)settlement.Outcome);
        Number(settlement.At.ToUnixTimeMilliseconds());
        End();
    }

    private void Begin(RecordKind kind, long sequence)
    {
        start = end;
        Room(sizeof(int));
        Byte((byte)kind);
        Number(sequence);
    }

    private void End()
    {
        var length = end - start - RecordFormat.HeadLength;
        if (length > RecordFormat.LongestPayload)
            throw new InvalidOperationException($"A record of {length} bytes could not be read again.");
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), length);
        var checksum = Crc32C.Of(buffer.AsSpan(start, end - start));
        BinaryPrimitives.WriteUInt32LittleEndian(Room(RecordFormat.ChecksumLength), checksum);
    }

    private void Byte(byte value) => Room(1)[0] = value;

    private void Number(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);

    private void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteUInt16LittleEndian(Room(sizeof(ushort)), checked((ushort)length));
        Encoding.UTF8.GetBytes(text, Room(length));
    }

    private Span<byte> Room(int length)
    {
        if (end + length > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, end + length));
        var room = buffer.AsSpan(end, length);
        end += length;
        return room;
    }
}
