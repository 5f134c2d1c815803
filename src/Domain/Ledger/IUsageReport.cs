namespace OpenAIProxy.Domain.Ledger;

/// <summary>Tells what was used. Thread-safe.</summary>
public interface IUsageReport
{
    /// <summary>What an attendee has used of each model, with everything that was settled before the call.</summary>
    /// <param name="attendee">By number.</param>
    /// <exception cref="StorageUnavailableException">It cannot be read now.</exception>
    ValueTask<IReadOnlyList<ModelUsage>> OfAttendeeAsync(long attendee, CancellationToken cancellation);
}

/// <summary>What was used of a model.</summary>
/// <param name="Cost">In micro-dollars.</param>
public sealed record ModelUsage(string Model, long Requests, Usage Usage, long Cost);
