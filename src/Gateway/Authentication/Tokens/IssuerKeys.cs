using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// The keys of one issuer, kept. They are asked for anew in the background when they are an hour old, waited for when they
/// are a day old, and early when a token names a key that is not among them, as it does after a rotation; never twice at once
/// and never often, whatever tokens come. While the identity provider fails, the keys there are go on being used for a week.
/// Thread-safe.
/// </summary>
internal sealed partial class IssuerKeys(TokenIssuer issuer, IdentityProvider provider, ILogger logger, TimeProvider time)
{
    /// <summary>When keys are asked for anew without anybody waiting for it: so long at most a key that was withdrawn goes on where tokens come all the time.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>When they are waited for: Microsoft's advice is to look once a day.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long they are used while the identity provider fails.</summary>
    public static readonly TimeSpan LongestUse = TimeSpan.FromDays(7);

    /// <summary>The least time between two looks for a key that is not there.</summary>
    public static readonly TimeSpan PauseAfterSuccess = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private IReadOnlyDictionary<string, SigningKey>? keys;
    private long fetched;
    private long? asked;
    private string? failure;
    private Task? refresh;

    /// <returns>The key of that id, or why there is none: it is not among the issuer's, or they cannot be had.</returns>
    public async ValueTask<Result<SigningKey>> FindAsync(string id, CancellationToken cancellation)
    {
        await RefreshFor(id).WaitAsync(cancellation);
        lock (gate)
        {
            if (Current?.GetValueOrDefault(id) is { } key)
                return key;
            // Where the newest keys cannot be had, it may well be one of them.
            return Current is not null && failure is null ? Refuse.TokenKeyUnknown() : Refuse.IdentityProviderUnavailable(UntilAsked());
        }
    }

    private IReadOnlyDictionary<string, SigningKey>? Current => time.GetElapsedTime(fetched) < LongestUse ? keys : null;

    /// <returns>What must be waited for before an answer can be given.</returns>
    private Task RefreshFor(string id)
    {
        lock (gate)
        {
            var age = time.GetElapsedTime(fetched);
            var mustWait = keys is null || age >= Lifetime || !keys.ContainsKey(id);
            if (!mustWait && age < Fresh)
                return Task.CompletedTask;
            if (refresh is null && UntilAsked() <= TimeSpan.Zero)
                refresh = Task.Run(RefreshAsync, CancellationToken.None);
            return mustWait && refresh is not null ? refresh : Task.CompletedTask;
        }
    }

    private TimeSpan UntilAsked() =>
        asked is { } moment ? (failure is null ? PauseAfterSuccess : PauseAfterFailure) - time.GetElapsedTime(moment) : TimeSpan.Zero;

    private async Task RefreshAsync()
    {
        try
        {
            var found = await provider.KeysOfAsync(issuer);
            lock (gate)
                (keys, fetched) = (found, time.GetTimestamp());
            Ended(null);
        }
        catch (IdentityProviderException e)
        {
            Ended(e.Message);
        }
        finally
        {
            lock (gate)
                (refresh, asked) = (null, time.GetTimestamp());
        }
    }

    // Told when it changes, not each time: while it fails it is asked again and again.
    private void Ended(string? reason)
    {
        string? before;
        lock (gate)
            (before, failure) = (failure, reason);
        if (reason is not null && reason != before)
            LogFailed(issuer.Discovery, reason);
        if (reason is null && before is not null)
            LogBack(issuer.Discovery);
    }

    [LoggerMessage(LogEvents.IdentityProviderFailed, LogLevel.Error, "The keys of the identity provider at {Discovery} cannot be had: {Reason}. Tokens it signed are refused with 503 unless their key is known")]
    private partial void LogFailed(Uri discovery, string reason);

    [LoggerMessage(LogEvents.IdentityProviderBack, LogLevel.Information, "The identity provider at {Discovery} gives its keys again")]
    private partial void LogBack(Uri discovery);
}
