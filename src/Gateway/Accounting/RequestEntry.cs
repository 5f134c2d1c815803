using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Accounting;

/// <summary>
/// The entry of a request that is under way: what it used, as it turns out. It is settled once: before the end of the answer is sent, or when it
/// is disposed, whatever was thrown in between.
/// </summary>
internal sealed class RequestEntry(Accountant accountant, Call call, Admitted admitted) : IAsyncDisposable
{
    // Only whole answers need one.
    private UsageFinder? finder;
    private readonly RequestSize size = call.Size;
    private Usage? streamed;
    private StreamedText text;
    private bool isSettled;

    public string Operation { get; } = call.Operation.Path;

    public string Model => admitted.Offer.Model.Name;

    /// <summary>What was set aside; null where it is nobody's to count.</summary>
    public Reservation? Reservation => admitted.Reservation;

    /// <summary>What is charged depends on it. Nothing is, as long as nothing was sent.</summary>
    public Outcome Outcome { get; set; } = Outcome.NotTaken;

    /// <summary>Whether the backend said that it has put out all that it might, and showed nothing of it.</summary>
    public bool HasSpentOutput { get; set; }

    /// <summary>As the backend reported it; null where it did not. Nothing at all is no report.</summary>
    public Usage? Usage => (streamed ?? finder?.Usage) is { Total: > 0 } reported ? reported : null;

    /// <summary>Says why there is no answer. What never left was not taken, whatever the reason.</summary>
    public void Fail(Outcome reason) => Outcome = Outcome == Outcome.NotTaken ? Outcome.NotTaken : reason;

    /// <summary>What it probably was where nobody reported it: the input at its best estimate, and the output that was seen. Never above what was set aside.</summary>
    public Usage Estimate
    {
        get
        {
            var demand = admitted.Reservation!.Demand;
            var input = Math.Min(InputEstimate.Of(size, admitted.Offer.Model), demand.Input);
            var most = demand.OutputAtMost(admitted.Reservation.Output);
            var output = OutputBeside.Estimate(size, Math.Max(text.Tokens, finder?.Text.Tokens ?? 0), demand.Choices);
            return new Usage(input, 0, HasSpentOutput ? most : Math.Min(output, most), 0);
        }
    }

    /// <summary>Looks at a piece of a whole answer.</summary>
    public void Observe(ReadOnlySpan<byte> piece) => (finder ??= new UsageFinder()).Observe(piece);

    /// <summary>Looks at one streamed chunk; the last usage that any has counts.</summary>
    public void Observe(Forwarding.Streams.Chunk chunk)
    {
        streamed = chunk.Usage ?? streamed;
        text = text.Add(chunk.TextBytes, chunk.NonAsciiBytes);
    }

    /// <exception cref="Domain.StorageUnavailableException">It could not be written down yet.</exception>
    public ValueTask SettleAsync()
    {
        if (isSettled)
            return ValueTask.CompletedTask;
        isSettled = true;
        return accountant.SettleAsync(this);
    }

    public ValueTask DisposeAsync()
    {
        if (isSettled)
            return ValueTask.CompletedTask;
        isSettled = true;
        return accountant.SettleAtLastAsync(this);
    }
}
