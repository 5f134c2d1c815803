using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Accounting;

/// <summary>Settles what requests used, in the ledger and for the meters.</summary>
internal sealed partial class Accountant(ILedger ledger, GatewayMeter meter, TimeProvider time, ILogger<Accountant> logger)
{
    public RequestEntry Open(Admitted admitted, Call call) => new(this, call, admitted);

    /// <exception cref="StorageUnavailableException">It could not be written down yet.</exception>
    public async ValueTask SettleAsync(RequestEntry entry)
    {
        if (entry.Usage is { } usage)
            meter.Used(entry.Operation, entry.Model, usage);
        if (entry.Reservation is { } reservation)
            await ledger.SettleAsync(reservation, SettlementOf(entry, reservation));
    }

    /// <summary>Settles where nobody waits for it any more.</summary>
    public async ValueTask SettleAtLastAsync(RequestEntry entry)
    {
        try
        {
            await SettleAsync(entry);
        }
        catch (StorageUnavailableException e)
        {
            LogUnwritten(entry.Reservation!.Demand.Request, e.Message);
        }
    }

    private Settlement SettlementOf(RequestEntry entry, Reservation reservation)
    {
        var (usage, exactness) = entry switch
        {
            { Outcome: Outcome.NotTaken } => (default, Exactness.Exact),
            { Usage: { } reported } => (reported, Exactness.Exact),
            _ => (entry.Estimate, Exactness.Estimated),
        };
        return new Settlement(usage, Cost.Of(usage, reservation.Demand.Price), exactness, entry.Outcome, time.GetUtcNow());
    }

    [LoggerMessage(LogEvents.SettlementUnwritten, LogLevel.Error, "What request {RequestId} used is in the accounts and could not be written down yet: {Reason}")]
    private partial void LogUnwritten(Guid requestId, string reason);
}
