using System.Numerics;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>
/// How much memory the bodies of all requests take at once, from the first byte until the request has ended, and the bound on it: else a few hundred
/// large ones, each allowed by itself, end the process. Buffers up to the first size are not counted, so small bodies pay nothing. Thread-safe.
/// </summary>
/// <remarks>
/// A second body of the same sender is taken only where afterwards at least as much is free as all of theirs take: so one who sends many, however
/// slowly, gets half of it, two get a third each, and something is left for the next.
/// Buffers that were given back stay in the runtime's pool for a while, for the next ones; it lets go of them when memory gets scarce.
/// </remarks>
internal sealed class BodyMemory
{
    // A bound that some large bodies reach is of no use.
    private const int LeastBodies = 4;
    private const int ShareOfMemory = 4;

    private readonly GatewayMeter meter;
    private readonly Lock gate = new();
    private readonly long largestBody;
    private readonly long most;
    private readonly Dictionary<BodySender, long> heldBySender = [];
    private long held;

    public BodyMemory(GatewayOptions options, GatewayMeter meter)
    {
        this.meter = meter;
        largestBody = options.MaxBodyBytes;
        most = options.MaxBodyMemory ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory, LeastBodies * largestBody);
    }

    /// <summary>What a body will take, which is nothing yet.</summary>
    public BodyHold HoldFor(Caller sender) => new(this, BodySender.Of(sender));

    /// <param name="bytes">How many more.</param>
    /// <param name="taken">How many the body has already.</param>
    /// <returns>Whether there was room; if not, nothing was taken.</returns>
    public bool TryTake(BodySender sender, long bytes, long taken)
    {
        lock (gate)
        {
            var free = most - held - bytes;
            var theirs = heldBySender.GetValueOrDefault(sender);
            if (free < 0 || (theirs > taken && theirs + bytes > free))
                return false;
            held += bytes;
            heldBySender[sender] = theirs + bytes;
        }
        meter.Held(bytes);
        return true;
    }

    public void GiveBack(BodySender sender, long bytes)
    {
        lock (gate)
        {
            held -= bytes;
            if ((heldBySender[sender] -= bytes) == 0)
                heldBySender.Remove(sender);
        }
        meter.Held(-bytes);
    }

    /// <summary>For how many bytes a buffer counts that must have that many: the pool's are powers of two. At most the largest body, so that each body fits alone.</summary>
    public long CountOf(int bytes) => Math.Min(BitOperations.RoundUpToPowerOf2((uint)bytes), largestBody);
}

/// <summary>Whose bodies count together.</summary>
/// <param name="Event">The event's code; empty is all who bring a resource of their own.</param>
/// <param name="Attendee">By number; 0 is all who are no attendee yet.</param>
internal readonly record struct BodySender(string Event, long Attendee)
{
    // Names can be made up until they are admitted, and resources of one's own always: those are all one sender.
    public static BodySender Of(Caller caller) =>
        caller is Caller.OfEvent { Event: var @event, Attendee: var attendee } ? new(@event.Code.Value, attendee?.Id ?? 0) : new("", 0);
}
