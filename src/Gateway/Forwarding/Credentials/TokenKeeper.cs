using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>
/// Keeps one token. As long as it is good nobody waits: shortly before its end a new one is fetched beside the requests, which go
/// on with the old one. Without one, whoever comes first fetches and the others wait for the same. Thread-safe.
/// </summary>
internal sealed partial class TokenKeeper(TokenOrder order, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    // Longer than the slowest healthy way, the Azure CLI with its 13 seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // So long a failure is remembered: a broken identity endpoint hears from us now and then, not from every request.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    // So long no other is tried for: a platform may give the same token until it expires, and a backend that refuses a new one will refuse the next.
    private static readonly TimeSpan AfterFetch = TimeSpan.FromSeconds(30);

    // Guards all below; what requests read is replaced whole, so that they read it without.
    private readonly Lock gate = new();
    private volatile Held? held;
    private Task<Outcome>? fetching;
    // Both as timestamps: what was put down by a clock that was days ahead would be believed for days.
    private (TokenTrouble Trouble, long Since)? failure;
    private long? forced;

    /// <exception cref="TokenUnavailableException">There is none.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public ValueTask<EntraToken> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (held is not { } kept || now >= kept.GoodUntil)
            return GetNewAsync(cancellation);
        if (now >= kept.RenewAt)
            RenewAhead(now);
        return ValueTask.FromResult(kept.Token);
    }

    /// <summary>Asks past every cache, once for all whose token was refused.</summary>
    /// <returns>Another token than the refused one, or null where there is none, or the refused one has just been fetched this way.</returns>
    /// <exception cref="TokenUnavailableException">None could be had.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async ValueTask<EntraToken?> RenewAsync(EntraToken refused, CancellationToken cancellation)
    {
        Task<Outcome> fetch;
        lock (gate)
        {
            if (held is { } kept && kept.Token.Authorization != refused.Authorization)
                return kept.Token;
            if (fetching is null && forced is { } last && time.GetElapsedTime(last) < AfterFetch)
                return null;
            fetch = Fetch(isForced: true);
        }
        var renewed = await TokenOfAsync(fetch, cancellation);
        return renewed.Authorization == refused.Authorization ? null : renewed;
    }

    private ValueTask<EntraToken> GetNewAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            // Somebody else may have been faster.
            return held is { } kept && time.GetUtcNow() < kept.GoodUntil
                ? ValueTask.FromResult(kept.Token)
                : TokenOfAsync(Fetch(isForced: false), cancellation);
        }
    }

    private void RenewAhead(DateTimeOffset now)
    {
        lock (gate)
        {
            // Of all that see its age only the first goes.
            if (held is not { } kept || now < kept.RenewAt)
                return;
            held = kept with { RenewAt = now + AfterFetch };
            _ = Fetch(isForced: false);
        }
    }

    private static async ValueTask<EntraToken> TokenOfAsync(Task<Outcome> fetch, CancellationToken cancellation)
    {
        var (token, trouble) = await fetch.WaitAsync(cancellation);
        return token ?? throw new TokenUnavailableException(trouble!);
    }

    // Under the gate.
    private Task<Outcome> Fetch(bool isForced)
    {
        if (fetching is null && failure is { } known && time.GetElapsedTime(known.Since) < AfterFailure)
            return Task.FromResult(new Outcome(null, known.Trouble));
        var previous = held?.Token;
        // It belongs to no request: the one that began it may go away.
        return fetching ??= Task.Run(() => FetchAsync(previous, isForced), CancellationToken.None);
    }

    private async Task<Outcome> FetchAsync(EntraToken? previous, bool isForced)
    {
        var outcome = await AskAsync(previous);
        Keep(outcome, isForced);
        return outcome;
    }

    // Throws nothing: who does not hear how it ended would wait for it for ever.
    private async Task<Outcome> AskAsync(EntraToken? previous)
    {
        using var deadline = new Deadline(Patience, TimeSpan.Zero, time, stopping);
        try
        {
            // The library does not always notice that nobody waits any more.
            return new(await AzureIdentity.AskAsync(order, previous, time, deadline.Token).AsTask().WaitAsync(deadline.Token), null);
        }
        // Another's code, files, processes and network: whatever goes wrong there, there is no token.
        catch (Exception e)
        {
            return new(null, deadline.Token.IsCancellationRequested
                ? new TokenTrouble(IsPassing: true, $"Microsoft Entra ID did not answer within {Patience.TotalSeconds:0} seconds.")
                : TroubleOf(e));
        }
    }

    private TokenTrouble TroubleOf(Exception failure)
    {
        try
        {
            return TokenDiagnosis.Of(failure, order.Credential.Secret);
        }
        // What another's exception says of itself is another's code as well, and none of it may be told unless it could be cleaned.
        catch (Exception)
        {
            return new TokenTrouble(IsPassing: true, $"Asking for it failed with a {failure.GetType().Name} that cannot be told.");
        }
    }

    private void Keep(Outcome outcome, bool isForced)
    {
        Held? kept;
        var now = time.GetUtcNow();
        lock (gate)
        {
            fetching = null;
            failure = outcome.Trouble is { } trouble ? (trouble, time.GetTimestamp()) : null;
            if (outcome.Token is { } token)
                held = Held.Of(token, now);
            if (outcome.Token is not null && isForced)
                forced = time.GetTimestamp();
            kept = held;
        }
        if (outcome.Token is { } fetched)
            LogFetched(order.Credential.Identity.Kind, order.Scope, fetched.Expires);
        else if (kept is not null && now < kept.GoodUntil && !stopping.IsCancellationRequested)
            LogNotRenewed(order.Credential.Identity.Kind, order.Scope, kept.GoodUntil, outcome.Trouble!.Problem);
    }

    [LoggerMessage(LogEvents.TokenFetched, LogLevel.Information, "Got a token of Entra ID by {Kind} for {Scope}, good until {Expires:u}")]
    private partial void LogFetched(Domain.Catalog.EntraIdentityKind kind, string scope, DateTimeOffset expires);

    [LoggerMessage(LogEvents.TokenNotRenewed, LogLevel.Warning, "The token of Entra ID by {Kind} for {Scope} could not be renewed; the old one is good until {Expires:u}: {Reason}")]
    private partial void LogNotRenewed(Domain.Catalog.EntraIdentityKind kind, string scope, DateTimeOffset expires, string reason);

    /// <summary>One of both.</summary>
    private readonly record struct Outcome(EntraToken? Token, TokenTrouble? Trouble);

    /// <param name="RenewAt">From then on a new one is fetched ahead.</param>
    internal sealed record Held(EntraToken Token, DateTimeOffset RenewAt, DateTimeOffset GoodUntil)
    {
        // A token that comes expired is good as far as anybody can tell: our clock is wrong, or the platform's.
        public static Held Of(EntraToken token, DateTimeOffset now) =>
            new(token, token.Expires - now > Ahead + AfterFetch ? token.Expires - Ahead : now + AfterFetch, token.Expires > now ? token.Expires : now + AfterFetch);
    }
}
