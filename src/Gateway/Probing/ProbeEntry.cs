using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Probing;

/// <summary>A probe that is under way; settled when it is disposed.</summary>
internal sealed class ProbeEntry(ILedger ledger, Reservation reservation, TimeProvider time) : IAsyncDisposable
{
    // Where nobody says more, the backend may have worked on it.
    private Outcome outcome = Outcome.BackendBroke;
    private Usage? reported;

    public void Answered(int status, ReadOnlyMemory<byte> body)
    {
        outcome = status is >= 200 and < 300 ? Outcome.Complete : ErrorAnswer.HasSpentOutput(body) ? Outcome.Refused : Outcome.NotTaken;
        var finder = new UsageFinder();
        finder.Observe(body.Span);
        reported = finder.Usage;
    }

    public void NeverLeft() => outcome = Outcome.NotTaken;

    /// <exception cref="Domain.StorageUnavailableException">It could not be written down yet.</exception>
    public async ValueTask DisposeAsync()
    {
        var usage = reported ?? new Usage(reservation.Demand.Input, 0, reservation.Output, 0);
        var exactness = reported is null && outcome != Outcome.NotTaken ? Exactness.Estimated : Exactness.Exact;
        await ledger.SettleAsync(reservation, new Settlement(usage, Cost.Of(usage, reservation.Demand.Price), exactness, outcome, time.GetUtcNow()));
    }
}
