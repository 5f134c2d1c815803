namespace OpenAIProxy.Domain.Catalog;

/// <summary>Tries a backend with a real call of a few tokens, which has an entry in the ledger as every call has: of no event, and charged to nobody. Thread-safe.</summary>
public interface IBackendProbe
{
    /// <param name="deployment">Its name on the backend.</param>
    /// <param name="model">What is deployed there; null where nobody has said.</param>
    /// <exception cref="StorageUnavailableException">The call cannot be written down, so it was not made; or what came of it cannot be.</exception>
    Task<ProbeResult> TestAsync(Backend backend, string deployment, Operation operation, Model? model, CancellationToken cancellation);
}
