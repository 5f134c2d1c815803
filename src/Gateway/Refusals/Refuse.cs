using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Authentication.Tokens;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>Every refusal there is, by the stage that gives it. 409 is not among them: the oldest SDK retries it for ever without a pause.</summary>
internal static class Refuse
{
    private const string Authentication = "authentication_error";
    private const string Permission = "permission_error";
    private const string Request = "invalid_request_error";
    private const string RateLimit = "rate_limit_error";
    private const string Server = "server_error";

    private const int MostListed = 20;

    // match

    public static Refusal UnknownPath(string paths) =>
        new(StatusCodes.Status404NotFound, Request, "not_found", $"There is nothing at this path. What this server has: {paths}.");

    public static Refusal Method(string allowed) =>
        new(StatusCodes.Status405MethodNotAllowed, Request, "method_not_allowed", $"This path does not take that method. It takes: {allowed}.");

    // With the words that Azure uses, which clients and people look for, and what to do about it.
    public static Refusal ApiVersionMissing() =>
        new(StatusCodes.Status404NotFound, Request, "404", "Resource not found. This path needs an api-version: add ?api-version=2024-10-21 to the URL.") { Param = "api-version" };

    public static Refusal ApiVersionUnknown() => Invalid("BadRequest", "API version not supported. A supported one is 2024-10-21.", "api-version");

    public static Refusal ApiVersionTooOld(string since) =>
        new(StatusCodes.Status404NotFound, Request, "404", $"Resource not found. This call came with api-version {since}. A supported one is 2024-10-21.") { Param = "api-version" };

    public static Refusal UnknownEvent() =>
        new(StatusCodes.Status404NotFound, Request, "event_not_found", "There is no such event. Check the event code with the organiser.");

    // authenticate

    public static Refusal NoCredential() => Unauthorized("credential_missing",
        "The request carries no credential. Send the header 'openai-event-code: EVENT/USER', or your key or token as 'api-key' or 'Authorization: Bearer'.");

    public static Refusal MalformedCredential(string what) => Unauthorized("credential_malformed", what);

    public static Refusal DoubledCredential(string header) => MalformedCredential(
        $"The header '{header}' stands in the request more than once, and which one is meant is not clear. Send it once.");

    public static Refusal UnknownKey() => Unauthorized("key_unknown",
        "This key is not known here: it was revoked, has expired, or belongs to another server. Ask the organiser for a new one.");

    public static Refusal UnknownEventCode() => Unauthorized("event_code_unknown",
        "The event code is not known here, or the shared secret with it is wrong. Check both with the organiser: EVENT/USER, or EVENT@SECRET/USER.");

    public static Refusal KeyRequired() => Unauthorized("key_required",
        "This event lets people in with a key only. Ask the organiser for yours and send it as 'api-key' or 'Authorization: Bearer'.");

    public static Refusal UserRequired() => Unauthorized("user_required",
        "The event code needs a user id behind it: EVENT/USER, such as hackathon/your-github-name.");

    public static Refusal OtherEvent() => Forbidden("other_event",
        "The credential is not for the event that the path names. Use the one that the organiser of that event gave you.");

    public static Refusal NoEvent() => Unauthorized("event_required",
        "The credential is that of a resource of your own, which has no event. Send an event code, an attendee's key, or a token.");

    public static Refusal OwnResourceNotAllowed() => Unauthorized("own_resource_not_allowed",
        "This server does not call that resource: its operator lists the ones that it calls. Ask them to add yours.");

    public static Refusal TooManyWrongCredentials(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, RateLimit, "too_many_wrong_credentials",
            "Too many wrong credentials have come from this network or for this event. Attendees who were let in from this network before still come in; others are let in again in a moment.")
        { RetryAfter = wait };

    public static Refusal OriginNotAllowed() => Forbidden("origin_not_allowed",
        "This event does not allow calls from web pages of this origin. Ask the organiser to add it to the event's allowed origins.");

    public static Refusal Blocked() => Forbidden("attendee_blocked", "The organiser has blocked you from this event. Ask them why.");

    public static Refusal NotOpen(Event @event, Standing standing) => standing switch
    {
        Standing.Draft => Forbidden("event_not_open_yet", $"The event '{@event.Code}' is still being prepared. Ask the organiser when it opens."),
        Standing.NotYetOpen => Forbidden("event_not_open_yet", $"The event '{@event.Code}' opens at {Wall(@event, @event.Window.Opens)}."),
        Standing.Paused => Forbidden("event_paused", $"The organiser has paused the event '{@event.Code}'. It ends at {Wall(@event, @event.Window.Ends)}; ask the organiser when it goes on."),
        Standing.Closed => Forbidden("event_closed", $"The organiser has closed the event '{@event.Code}'."),
        _ => Forbidden("event_over", $"The event '{@event.Code}' ended at {Wall(@event, @event.Window.Ends)}."),
    };

    // authenticate, by a token of Entra ID: nothing a token says is repeated

    public static Refusal MalformedToken(string what) => Unauthorized("token_malformed", $"The token cannot be taken: {what}.");

    public static Refusal TokenAlgorithm() => Unauthorized("token_algorithm",
        $"The token is not signed in a way this server takes: {string.Join(", ", SigningKey.Algorithms)}.");

    public static Refusal TokenNamesKey() => Unauthorized("token_names_key",
        "The token says itself where its key is ('jku', 'jwk', 'x5u' or 'x5c'). Only the identity provider's own keys are taken.");

    public static Refusal TokenKeyUnknown() => Unauthorized("token_key_unknown",
        "The token is signed with a key that the event's identity provider does not have: it is another directory's, the key was withdrawn, or it is forged. Sign in again.");

    public static Refusal TokenKeyUnfit() => Unauthorized("token_key_unfit",
        "The token is signed with another algorithm than its key is for. Sign in again.");

    public static Refusal TokenSignature() => Unauthorized("token_signature",
        "The token's signature is wrong: it was changed or cut on its way, or it is forged. Sign in again.");

    public static Refusal TokenIssuer() => Unauthorized("token_issuer",
        "The token is of another issuer than the event's. Sign in to the directory that the organiser names.");

    public static Refusal TokenTenant() => Unauthorized("token_tenant",
        "The token is of another directory than the event's. Sign in to the one that the organiser names.");

    public static Refusal TokenAudience(IEnumerable<string> audiences) => Unauthorized("token_audience",
        $"The token is for another application than the event's. Ask for one whose audience is {string.Join(" or ", audiences)}.");

    public static Refusal TokenExpired() => Unauthorized("token_expired", "The token has expired. Sign in again.");

    public static Refusal TokenNotYetValid() => Unauthorized("token_not_yet_valid", "The token is not valid yet: its time has not come, or a clock is wrong.");

    public static Refusal TokenNotInGroups() => Forbidden("token_not_in_groups",
        "You are signed in, but not in any of the groups and roles that this event lets in. Ask the organiser.");

    public static Refusal TokenLacksGroups() => Forbidden("token_lacks_groups",
        "You are signed in, but in so many groups that your token does not list them. Ask the organiser to let you in by a role of the application instead.");

    public static Refusal TokensNotTaken() => Unauthorized("token_not_taken",
        "This event does not let people in by a token. Ask the organiser for an event code or a key.");

    public static Refusal TokenNoLongerTaken() => Unauthorized("token_no_longer_taken",
        "The event does not take your token any more: the organiser has changed whom it lets in, or the token has expired.");

    public static Refusal TokenForNoEvent() => Unauthorized("token_for_no_event",
        "No event here lets people in by a token of this directory for this application. Ask the organiser which to sign in to.");

    public static Refusal EventAmbiguous(IReadOnlyList<string> codes) => Forbidden("event_ambiguous",
        $"Your token lets you in to several events: {string.Join(", ", codes.Take(MostListed))}{(codes.Count > MostListed ? ", …" : "")}. Say which one: send the header 'openai-event-code: CODE' beside the token, or put '/events/CODE' before the path.");

    public static Refusal IdentityProviderUnavailable(TimeSpan wait) => Unavailable("identity_provider_unavailable",
        "The token cannot be checked: the identity provider does not give its keys at the moment. Try again.", wait);

    // read

    public static Refusal MediaType() =>
        new(StatusCodes.Status415UnsupportedMediaType, Request, "unsupported_media_type",
            "The body must be JSON: send the header 'Content-Type: application/json' and no Content-Encoding.");

    public static Refusal TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, Request, "body_too_large", string.Create(CultureInfo.InvariantCulture, $"The body is larger than the {limit} bytes this server takes."))
        { ClosesConnection = true };

    public static Refusal TooManyBodies() =>
        Unavailable("server_busy", "The server has as many large requests at once as its memory allows, or as many of yours as leave room for others. Nothing was sent on and nothing is lost; try again.", TimeSpan.FromSeconds(2)) with { ClosesConnection = true };

    public static Refusal BodyTimeout() =>
        new(StatusCodes.Status408RequestTimeout, Request, "body_timeout", "The body stopped arriving before it was complete. Send the request again.")
        { ClosesConnection = true };

    public static Refusal BadRequest() => Invalid("bad_request", "The request is not valid HTTP: its body ended early or is framed wrongly.") with { ClosesConnection = true };

    public static Refusal NotJson(string why) => Invalid("invalid_json", $"The body is not the JSON object this call takes: {why}.");

    public static Refusal WrongValue(string field, string takes) => Invalid("invalid_value", $"'{field}' must be {takes}.", field);

    public static Refusal Duplicate(string field) => Invalid("duplicate_field", $"'{field}' stands in the body twice. Send it once.", field);

    // admit

    public static Refusal ModelRequired(string models) => Invalid("model_required",
        $"This event has no default model for this call. Name one in 'model': {models}.", "model");

    public static Refusal UnknownModel(string models) => ModelNotFound($"This event does not have that model. It has: {models}.");

    public static Refusal UnmappedModel(string models) => ModelNotFound($"The mapping in your credential does not name that model. It names: {models}.");

    public static Refusal WrongOperation(Model model, string models) => Invalid("operation_not_supported",
        $"The model '{model.Name}' does not have this call. Models of this event that do: {models}.", "model");

    public static Refusal TooManyChoices(long choices, long cap) => Invalid("too_many_choices",
        string.Create(CultureInfo.InvariantCulture, $"The request asks for {choices} answers at once ('n' or 'best_of' times its prompts), but this event allows {cap} output tokens a request: ask for fewer."), "n");

    public static Refusal EventFull(Event @event) => Forbidden("event_full",
        string.Create(CultureInfo.InvariantCulture, $"The event '{@event.Code}' is full: its cap of {@event.AttendeeCap} attendees is reached. Ask the organiser to raise it."));

    public static Refusal LimitForNow(string code, string message, TimeSpan wait, Attendee attendee, Allowance allowance) =>
        new(StatusCodes.Status429TooManyRequests, RateLimit, code, message) { RetryAfter = wait, Attendee = attendee.Id, Allowance = allowance };

    public static Refusal LimitReached(string code, string message, Attendee attendee, Allowance allowance) =>
        new(StatusCodes.Status403Forbidden, Permission, code, message) { IsFinal = true, Attendee = attendee.Id, Allowance = allowance };

    public static Refusal PriceUnknown(Model model) => Forbidden("price_unknown",
        $"This event has a limit on money, and what the model '{model.Name}' costs is not known. Use another model, or ask the organiser to set its price.");

    /// <param name="field">What makes it cost something else than the model's tokens do.</param>
    public static Refusal PriceUnknown(Model model, string field)
    {
        var others = field == "service_tier" ? ", or say 'auto' or 'default'" : "";
        var message = $"This event has a limit on money, and what the model '{model.Name}' costs with '{field}' is not known. Leave it out{others}.";
        return Forbidden("price_unknown", message) with { Param = field };
    }

    public static Refusal LedgerUnavailable() => Unavailable("ledger_unavailable",
        "The server cannot write down what is used at the moment, and so lets nobody use anything. Nothing was sent on and nothing is lost; try again.", TimeSpan.FromSeconds(2));

    /// <summary>Said in the place of an answer, or inside a stream in the place of its end.</summary>
    public static Refusal AnswerUnwritten() => Unavailable("ledger_unavailable",
        "The answer was made, but the server cannot write down what it used at the moment, and so does not give it out. It counts as used; try again.", TimeSpan.FromSeconds(2));

    public static Refusal StorageUnavailable() => Unavailable("storage_unavailable",
        "The server cannot write down who uses it at the moment. Nothing was sent on and nothing is lost; try again.", TimeSpan.FromSeconds(2));

    /// <summary>Said in the place of an answer, or inside a stream in the place of its end.</summary>
    public static Refusal ServerStopping() => Unavailable("server_stopping",
        "The server is stopping, and this request took longer than it could wait for. Send it again.", TimeSpan.FromSeconds(5));

    // route, forward

    public static Refusal BackendUnreachable() =>
        new(StatusCodes.Status502BadGateway, Server, "backend_unreachable", "The model's backend could not be reached. This is not your fault: tell the organiser. The server's log says more.")
        { IsOfBackend = true };

    public static Refusal OwnResourceUnreachable() =>
        new(StatusCodes.Status502BadGateway, Server, "backend_unreachable", "The resource you named could not be reached. Check its id, the part of your credential before the first ':'.")
        { IsOfBackend = true };

    public static Refusal BackendMisconfigured() =>
        new(StatusCodes.Status502BadGateway, Server, "backend_misconfigured",
            "The model's backend does not accept this server's credential, deployment or address. This is not your fault: tell the organiser. The server's log says more.")
        { IsFinal = true, IsOfBackend = true };

    public static Refusal BackendTooSlow() =>
        new(StatusCodes.Status504GatewayTimeout, Server, "backend_timeout", "The model's backend did not answer in time. Try again, or ask for a shorter answer.")
        { IsOfBackend = true };

    /// <summary>Said inside a stream: its status has been sent.</summary>
    public static Refusal BackendBrokeOff() =>
        new(StatusCodes.Status502BadGateway, Server, "backend_broke_off", "The model's backend broke off in the middle of its answer. Send the request again.")
        { IsOfBackend = true };

    /// <param name="wait">When the soonest backend is free again, as it said itself; null where it did not.</param>
    public static Refusal BackendsExhausted(TimeSpan? wait)
    {
        var message = wait is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"Every backend of the model is at its limit. The first is free again in {Math.Ceiling(known.TotalSeconds)} seconds.")
            : "Every backend of the model fails at the moment. Try again.";
        return Unavailable("backends_exhausted", message, wait ?? TimeSpan.FromSeconds(1)) with { IsOfBackend = true };
    }

    public static Refusal Unexpected() =>
        new(StatusCodes.Status500InternalServerError, Server, "internal_error", "Something went wrong in this server. Tell its operator the request id.");

    private static Refusal Unauthorized(string code, string message) => new(StatusCodes.Status401Unauthorized, Authentication, code, message);

    private static Refusal Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, Permission, code, message) { IsFinal = true };

    private static Refusal ModelNotFound(string message) =>
        new(StatusCodes.Status404NotFound, Request, "model_not_found", message) { Param = "model", IsFinal = true };

    private static Refusal Invalid(string code, string message, string? param = null) => new(StatusCodes.Status400BadRequest, Request, code, message) { Param = param };

    private static Refusal Unavailable(string code, string message, TimeSpan wait) =>
        new(StatusCodes.Status503ServiceUnavailable, Server, code, message) { RetryAfter = wait };

    private static string Wall(Event @event, DateTimeOffset moment) =>
        string.Create(CultureInfo.InvariantCulture, $"{@event.Window.Local(moment):yyyy-MM-dd HH:mm} ({@event.Window.TimeZone.Id})");
}
