using System.Threading.Tasks.Sources;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger;

/// <summary>What somebody asks of the bookkeeper, and the answer they wait for: one object each, because every request makes two.</summary>
internal abstract class Work<T> : IValueTaskSource<T>, IValueTaskSource
{
    // Whoever waits goes on elsewhere: the bookkeeper has others to serve.
    private ManualResetValueTaskSourceCore<T> source = new() { RunContinuationsAsynchronously = true };

    public ValueTask<T> Result => new(this, source.Version);

    public ValueTask Done => new(this, source.Version);

    public void Complete(T result) => source.SetResult(result);

    public void Fail(Exception exception) => source.SetException(exception);

    T IValueTaskSource<T>.GetResult(short token) => source.GetResult(token);

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}

/// <summary>Something that the bookkeeper is to do between two requests.</summary>
internal interface IErrand
{
    void Run(Bookkeeper bookkeeper);

    void Fail(Exception exception);
}

internal sealed class ReserveErrand(Demand demand, CancellationToken cancellation) : Work<ReserveResult>, IErrand
{
    public Demand Demand => demand;

    public CancellationToken Cancellation => cancellation;

    public void Run(Bookkeeper bookkeeper) => bookkeeper.Reserve(this);
}

internal sealed class SettleErrand(Reservation reservation, Settlement settlement) : Work<bool>, IErrand
{
    public Reservation Reservation => reservation;

    public Settlement Settlement => settlement;

    /// <summary>Who waits for the same one.</summary>
    public SettleErrand? Next { get; set; }

    public void Run(Bookkeeper bookkeeper) => bookkeeper.Settle(this);
}

/// <summary>Anything else that must not happen beside a request.</summary>
internal sealed class OtherErrand(Action<Bookkeeper> action) : Work<bool>, IErrand
{
    public void Run(Bookkeeper bookkeeper)
    {
        action(bookkeeper);
        Complete(true);
    }
}
