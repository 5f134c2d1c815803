using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>The tokens of Microsoft Entra ID for backends, one for all that want the same. Thread-safe.</summary>
internal sealed partial class EntraTokens : IDisposable
{
    private readonly ConcurrentDictionary<TokenOrder, TokenKeeper> keepers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly LiveSnapshot live;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    public EntraTokens(LiveSnapshot live, TimeProvider time, ILogger<EntraTokens> logger)
    {
        (this.live, this.time, this.logger, stopped) = (live, time, logger, stopping.Token);
        live.Replaced += DropUnused;
    }

    /// <exception cref="TokenUnavailableException">No token can be had.</exception>
    public ValueTask<EntraToken> GetAsync(TokenOrder order, CancellationToken cancellation) => KeeperOf(order).GetAsync(cancellation);

    /// <param name="backend">Its name.</param>
    /// <param name="refused">The token that the backend did not take.</param>
    /// <returns>Another token, or null where asking for one would not help.</returns>
    /// <exception cref="TokenUnavailableException">No token can be had.</exception>
    public async ValueTask<EntraToken?> RenewAsync(TokenOrder order, string backend, EntraToken refused, CancellationToken cancellation)
    {
        var renewed = await KeeperOf(order).RenewAsync(refused, cancellation);
        LogRefused(backend, renewed is null ? "there is no other" : "it is called once more with another");
        return renewed;
    }

    public void Dispose()
    {
        live.Replaced -= DropUnused;
        stopping.Cancel();
        stopping.Dispose();
    }

    private TokenKeeper KeeperOf(TokenOrder order) => keepers.TryGetValue(order, out var keeper)
        ? keeper
        : keepers.GetOrAdd(order, static (order, its) => new TokenKeeper(order, its.time, its.logger, its.stopped), this);

    // A request that is on its way with what was changed may bring a keeper back: the next change takes it.
    private void DropUnused()
    {
        var used = live.Current.Backends
            .Select(b => b.Credential is BackendCredential.Entra credential ? TokenOrder.Of(b, credential) : (TokenOrder?)null)
            .ToHashSet();
        foreach (var order in keepers.Keys.Where(order => !used.Contains(order)))
            keepers.TryRemove(order, out _);
    }

    [LoggerMessage(LogEvents.TokenRefused, LogLevel.Warning, "The backend {Backend} refused its token: {What}")]
    private partial void LogRefused(string backend, string what);
}
