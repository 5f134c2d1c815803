using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>What cuts off requests on their way: one, or all that nobody watches one by one.</summary>
internal class Flight : IDisposable
{
    // Left to the collector: a cut may be on its way while the request ends by itself.
    private readonly CancellationTokenSource source = new();
    private Refusal? reason;

    public CancellationToken Token => source.Token;

    /// <summary>Why it was cut off; null where it was not.</summary>
    public Refusal? Reason => Volatile.Read(ref reason);

    public void Cut(Refusal refusal)
    {
        if (Interlocked.CompareExchange(ref reason, refusal, null) is null)
            source.Cancel();
    }

    /// <summary>The request has ended.</summary>
    public virtual void Dispose()
    {
    }
}
