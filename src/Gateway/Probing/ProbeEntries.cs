using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Probing;

/// <summary>Writes calls that nobody asked for as an attendee into the ledger: what a backend bills must be found there, whoever called it.</summary>
internal sealed class ProbeEntries(ILedger ledger, TimeProvider time)
{
    // Far more than the one word of a probe has.
    private const long MostInput = 64;

    // As the largest of the requests asks for.
    private const long MostOutput = 64;

    // As long as a model's name may be; a deployment that only this call names may be called anything.
    private const int LongestName = 128;

    /// <exception cref="Domain.StorageUnavailableException">It cannot be written down, so nothing must be sent.</exception>
    public async Task<ProbeEntry> BeginAsync(Model? model, string deployment, Operation operation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        var output = operation == Operation.Embeddings ? 0 : MostOutput;
        var demand = new Demand
        {
            Event = Demand.NoEvent,
            Attendee = Demand.Nobody,
            Model = model?.Name ?? (deployment.Length <= LongestName ? deployment : deployment[..LongestName]),
            Operation = operation,
            Request = Guid.NewGuid(),
            At = now,
            Hour = second - second % 3_600,
            Holds = [],
            Input = MostInput,
            StatedInput = MostInput,
            Choices = 1,
            Wanted = output,
            Least = output,
            Price = model?.Price,
        };
        var result = await ledger.ReserveAsync(demand, cancellation);
        return new ProbeEntry(ledger, result.Reservation ?? throw new InvalidOperationException("Without a limit there is none in the way."), time);
    }
}
