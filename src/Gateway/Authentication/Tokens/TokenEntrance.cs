using System.Net;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// Finds the event that a token lets in to: the one that is named beside it, or else the only open one that admits it. What no
/// identity provider of ours signed counts as a wrong credential; a right token is never made to wait.
/// </summary>
internal sealed class TokenEntrance(LiveSnapshot live, TokenValidator validator, GuessGuard guard, TimeProvider time)
{
    /// <param name="named">The event named by header or path, as it was sent; null where none is.</param>
    public async ValueTask<Result<TokenEntry>> EnterAsync(string text, string? named, IPAddress address, CancellationToken cancellation)
    {
        if (Jwt.Parse(text).IsRefused(out var malformed, out var token))
            return guard.Wrong(address, null) ?? malformed;
        return named is null ? await EnterOnlyAsync(token, address, cancellation) : await EnterNamedAsync(token, named, address, cancellation);
    }

    private async ValueTask<Result<TokenEntry>> EnterNamedAsync(Jwt token, string named, IPAddress address, CancellationToken cancellation)
    {
        if (!EventCode.TryParse(named, out var code))
            return Refuse.MalformedCredential($"What names the event beside a token is an event code alone, {EventCode.Rule}: who you are, the token says.");
        if (live.Current.FindEvent(code) is not { } found)
            return guard.Wrong(address, null) ?? Refuse.UnknownEventCode();
        var entered = await EnterFoundAsync(token, found, address, cancellation);
        return entered.IsRefused(out var refusal, out var entry) ? refusal with { Event = code.Value } : entry;
    }

    private async ValueTask<Result<TokenEntry>> EnterFoundAsync(Jwt token, Event found, IPAddress address, CancellationToken cancellation)
    {
        if (found.TokenAdmission is not { } admission)
            return guard.Wrong(address, found.Code) ?? Refuse.TokensNotTaken();
        if (await validator.VerifyAsync(token, admission, cancellation) is { } unverified)
            return (IsForged(unverified) ? guard.Wrong(address, found.Code) : null) ?? unverified;
        return validator.Check(token, admission).IsRefused(out var refusal, out var holder) ? refusal : Entry(found, token, holder);
    }

    private async ValueTask<Result<TokenEntry>> EnterOnlyAsync(Jwt token, IPAddress address, CancellationToken cancellation)
    {
        var (entries, refusals, forged) = (new List<TokenEntry>(), new List<Refusal>(), new List<Refusal>());
        // Each issuer's keys are tried once, however many events admit its tokens.
        foreach (var events in live.Current.Events.Where(e => e.TokenAdmission is { } admission && MayConcern(token, admission)).GroupBy(e => TokenIssuer.Of(e.TokenAdmission!)))
            if (await validator.VerifyAsync(token, events.First().TokenAdmission!, cancellation) is { } unverified)
                (IsForged(unverified) ? forged : refusals).Add(unverified);
            else
                foreach (var found in events)
                    if (validator.Check(token, found.TokenAdmission!).IsRefused(out var refusal, out var holder))
                        refusals.Add(refusal);
                    else
                        entries.Add(Entry(found, token, holder));
        if (entries.Count > 0)
            return Choose(entries);
        // Of several reasons: that it cannot be known, before that it is known and not enough, before that it is wrong.
        return refusals.MaxBy(r => r.Status) ?? guard.Wrong(address, null) ?? forged.FirstOrDefault() ?? Refuse.TokenForNoEvent();
    }

    private Result<TokenEntry> Choose(List<TokenEntry> entries)
    {
        var open = entries.FindAll(e => e.Event.StandingAt(time.GetUtcNow()) == Standing.Open);
        // Where none is open, the reason is to be the event's own.
        var choice = open.Count > 0 ? open : entries;
        return choice is [var only] ? only : Refuse.EventAmbiguous([.. choice.Select(e => e.Event.Code.Value).Order(StringComparer.Ordinal)]);
    }

    private TokenEntry Entry(Event found, Jwt token, TokenHolder holder) =>
        new(found, holder.User, current => current.TokenAdmission is { } admission && !validator.Check(token, admission).IsRefused(out _, out _));

    // Not yet believed: it only narrows down whose keys are tried.
    private static bool MayConcern(Jwt token, TokenAdmission admission) =>
        token.Tenant == admission.TenantId && token.Audiences.Any(admission.Audiences.Contains);

    private static bool IsForged(Refusal refusal) => refusal.Status == Microsoft.AspNetCore.Http.StatusCodes.Status401Unauthorized;
}
