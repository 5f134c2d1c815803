namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Ends an exchange with a backend when it takes too long, when the client has gone, or when the request is cut off.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration clientGone;
    private readonly CancellationTokenRegistration isCut;
    private readonly CancellationToken client;
    private readonly TimeSpan grace;
    private bool isRunning = true;
    private volatile bool hasLeft;

    /// <param name="grace">How much longer it may take once the client has gone, where the request has left by then.</param>
    public Deadline(TimeSpan patience, TimeSpan grace, TimeProvider time, CancellationToken client, CancellationToken cut = default)
    {
        (this.client, this.grace) = (client, grace);
        source = new CancellationTokenSource(patience, time);
        clientGone = client.UnsafeRegister(static deadline => ((Deadline)deadline!).Abandon(), this);
        isCut = cut.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
    }

    public CancellationToken Token => source.Token;

    /// <summary>The request begins to leave: from now on a client who goes leaves work behind that may be worth waiting for.</summary>
    /// <exception cref="OperationCanceledException">It is too late: nothing must leave any more.</exception>
    public void Leave()
    {
        hasLeft = true;
        source.Token.ThrowIfCancellationRequested();
    }

    /// <summary>What had left was turned away, and the request is to leave once more: unless its client has gone, who left nothing behind now.</summary>
    public void Return()
    {
        hasLeft = false;
        // Who went before has set the clock; who goes from now on finds that nothing has left.
        if (client.IsCancellationRequested)
            source.Cancel();
    }

    /// <summary>Starts the clock anew: something came. For a client who has gone it does not.</summary>
    public void Extend(TimeSpan patience)
    {
        isRunning = true;
        Set(patience);
    }

    /// <summary>Stops the clock, where it runs: the backend is not what is waited for. For a client who has gone it goes on.</summary>
    public void Stop()
    {
        if (!isRunning)
            return;
        isRunning = false;
        Set(Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        clientGone.Dispose();
        isCut.Dispose();
        source.Dispose();
    }

    private void Set(TimeSpan patience)
    {
        if (client.IsCancellationRequested)
            return;
        source.CancelAfter(patience);
        // Who went in this moment may have set the clock before.
        if (client.IsCancellationRequested)
            Abandon();
    }

    private void Abandon()
    {
        if (grace == TimeSpan.Zero || !hasLeft)
            source.Cancel();
        else
            source.CancelAfter(grace);
    }
}
