using System.Net;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Authentication.Tokens;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Surfaces;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>
/// Finds out who calls, from headers only: no body of a stranger is read. This is where a request takes its one look at
/// the snapshot; what it needs of it, it holds from here on.
/// </summary>
internal sealed class Authenticator(LiveSnapshot live, KeyRing keys, GuessGuard guard, TokenEntrance tokens, OwnResourcePolicy ownResources, TimeProvider time)
{
    /// <summary>Who calls an operation.</summary>
    public async ValueTask<Result<Caller>> AuthenticateAsync(HttpContext context)
    {
        if (Shown(context, out var named).IsRefused(out var unshown, out var credential))
            return unshown;
        if (credential is Credential.Composite { Value: var own })
            // A path that names an event has no place for it.
            return EventInPath(context) is null ? Bring(own) : Refuse.OtherEvent();
        if ((await IdentifyAsync(context, credential, named)).IsRefused(out var refusal, out var identity))
            return refusal;
        if (identity.AttendeeName is not { } name)
            return identity.Refused(Refuse.UserRequired());
        if (identity.Attendee is { IsBlocked: true })
            return identity.Refused(Refuse.Blocked());
        return new Caller.OfEvent(identity.Event, name, identity.Attendee, identity.Key, identity.StillAdmits);
    }

    /// <summary>Which event a caller may ask about; a bare event code is enough for that.</summary>
    public async ValueTask<Result<Event>> AuthenticateForEventAsync(HttpContext context)
    {
        if (Shown(context, out var named).IsRefused(out var unshown, out var credential))
            return unshown;
        if (credential is Credential.Composite)
            return Refuse.NoEvent();
        return (await IdentifyAsync(context, credential, named)).IsRefused(out var refusal, out var identity) ? refusal : identity.Event;
    }

    /// <summary>From where somebody calls, whom wrong credentials are held against.</summary>
    public static IPAddress AddressOf(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <param name="named">The event that the header names beside a token, or null.</param>
    private Result<Credential> Shown(HttpContext context, out string? named) =>
        CredentialHeader.Find(context.Request.Headers, out named).IsRefused(out var refusal, out var text) ? refusal : Credential.Recognise(text, ownResources.Current.Enabled);

    private Result<Caller> Bring(CompositeKey own)
    {
        var policy = ownResources.Current;
        return policy.Allowed.Count == 0 || policy.Allowed.Contains(own.Resource, StringComparer.OrdinalIgnoreCase)
            ? new Caller.OfOwnResource(own.At(policy.UrlTemplate))
            : Refuse.OwnResourceNotAllowed();
    }

    private static string? EventInPath(HttpContext context) => context.Request.RouteValues[BasePath.Event] as string;

    private async ValueTask<Result<Identity>> IdentifyAsync(HttpContext context, Credential credential, string? named)
    {
        var inPath = EventInPath(context);
        var known = credential switch
        {
            Credential.Code code => IdentifyByCode(code, AddressOf(context)),
            Credential.Key key => IdentifyByKey(key, context),
            _ => await IdentifyByTokenAsync((Credential.Token)credential, named ?? inPath, AddressOf(context), context.RequestAborted),
        };
        if (known.IsRefused(out var refusal, out var identity))
            return refusal;
        return RefusalFor(context, identity.Event, inPath) is { } unwelcome ? identity.Refused(unwelcome) : identity;
    }

    private Refusal? RefusalFor(HttpContext context, Event @event, string? inPath)
    {
        if (inPath is not null && !string.Equals(inPath, @event.Code.Value, StringComparison.OrdinalIgnoreCase))
            return Refuse.OtherEvent();
        var standing = @event.StandingAt(time.GetUtcNow());
        if (standing != Standing.Open)
            return Refuse.NotOpen(@event, standing);
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin && !@event.AllowsOrigin(origin))
            return Refuse.OriginNotAllowed();
        return null;
    }

    private async ValueTask<Result<Identity>> IdentifyByTokenAsync(Credential.Token token, string? named, IPAddress address, CancellationToken cancellation)
    {
        if ((await tokens.EnterAsync(token.Text, named, address, cancellation)).IsRefused(out var refusal, out var entry))
            return refusal;
        var name = entry.Event.AttendeeNameOf(entry.User);
        return new Identity(entry.Event, name, keys.FindAttendee(entry.Event.Code, name)) { StillAdmits = entry.StillAdmits };
    }

    // Keys cannot be guessed, so a right one is never made to wait.
    private Result<Identity> IdentifyByKey(Credential.Key key, HttpContext context)
    {
        if (keys.FindOwner(key.Hash, time.GetUtcNow()) is { } owner && live.Current.FindEvent(owner.Event) is { } found)
            return new Identity(found, owner.Name, owner, key.Hash);
        return guard.Wrong(AddressOf(context), null) ?? Refuse.UnknownKey();
    }

    private Result<Identity> IdentifyByCode(Credential.Code code, IPAddress address)
    {
        var found = live.Current.FindEvent(code.Event);
        var name = code.User is { } user ? found?.AttendeeNameOf(user) : null;
        // Attendees do not wait for the guesses of others. A name alone is not enough, or whoever knows one guesses on under it.
        var goesOn = found is not null && name is not null && guard.WasLetIn(found.Code, name, address);
        if (!goesOn && guard.MustWait(address, code.Event) is { } wait)
            return wait;
        if (found is null)
            return guard.Wrong(address, null) ?? Refuse.UnknownEventCode();
        if (found.Entrance == Entrance.KeyOnly)
            return Wrong(Refuse.KeyRequired());
        if (found.Entrance == Entrance.SharedSecret && (code.SharedSecret is not { } secret || !found.IsSharedSecret(secret)))
            return Wrong(Refuse.UnknownEventCode());
        if (name is null)
            return new Identity(found, null, null);
        if (!goesOn)
            guard.LetIn(found.Code, name, address);
        return new Identity(found, name, keys.FindAttendee(found.Code, name));

        // The event is right, who comes is not known: it is counted as the event's, and as nobody's.
        Refusal Wrong(Refusal refusal) => (guard.Wrong(address, code.Event) ?? refusal) with { Event = found.Code.Value };
    }

    private sealed record Identity(Event Event, string? AttendeeName, Attendee? Attendee, KeyHash? Key = null)
    {
        public Func<Event, bool>? StillAdmits { get; init; }

        public Refusal Refused(Refusal refusal) => refusal with { Event = Event.Code.Value, Attendee = Attendee?.Id };
    }
}
