using System.Buffers;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>What has come of a body, in one pooled buffer that grows with it. What the buffer takes beyond its first size is of the memory for all bodies.</summary>
/// <param name="most">How many bytes it may have; at most 1 GiB.</param>
/// <param name="expected">How many the client says it has; null where it does not.</param>
internal struct ArrivingBody(BodyMemory memory, Caller sender, long most, long? expected)
{
    // Enough for most prompts. What a client says of its length is believed up to here only: memory follows what arrives.
    private const int FirstBuffer = 16 * 1024;

    // Times what there was, where the client says that there is as much to come: most prompts are moved once, and who says much and sends little takes little.
    private const long MostGrowth = 4;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected ?? FirstBuffer, FirstBuffer));
    private int length;
    private BodyHold? hold;

    /// <returns>Why it was not taken, or null.</returns>
    public Refusal? Take(ReadOnlySequence<byte> arrived)
    {
        if (length + arrived.Length > most)
            return Refuse.TooLarge(most);
        if (!TryMakeRoom((int)arrived.Length))
            return Refuse.TooManyBodies();
        arrived.CopyTo(buffer.AsSpan(length));
        length += (int)arrived.Length;
        return null;
    }

    /// <summary>All of it; the buffer is the call's from here on.</summary>
    public readonly Call ToCall(OperationSpec operation) => new(operation, buffer, length, hold);

    /// <summary>Gives the buffer back, where it became no call.</summary>
    public readonly void GiveBack()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        hold?.Dispose();
    }

    private bool TryMakeRoom(int more)
    {
        if (buffer.Length - length >= more)
            return true;
        var size = Math.Max(length + more, (int)Math.Min(expected ?? 2L * buffer.Length, MostGrowth * buffer.Length));
        if (size > FirstBuffer && !(hold ??= memory.HoldFor(sender)).TryGrowTo(size))
            return false;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return true;
    }
}
