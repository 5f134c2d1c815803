namespace OpenAIProxy.Gateway.Operations;

/// <summary>What one large body takes of the memory for all of them. Disposing gives it back.</summary>
internal sealed class BodyHold(BodyMemory memory, BodySender sender) : IDisposable
{
    private long taken;

    /// <param name="bytes">How many the body's buffer must have.</param>
    /// <returns>Whether there was room; if not, it holds what it held.</returns>
    public bool TryGrowTo(int bytes)
    {
        var count = memory.CountOf(bytes);
        if (count > taken && !memory.TryTake(sender, count - taken, taken))
            return false;
        taken = Math.Max(count, taken);
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref taken, 0) is var bytes and > 0)
            memory.GiveBack(sender, bytes);
    }
}
