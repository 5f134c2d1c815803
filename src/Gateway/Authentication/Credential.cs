using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Authentication.Tokens;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>What a caller shows, by its form alone; whether it is right is the <see cref="Authenticator"/>'s business.</summary>
internal abstract record Credential
{
    private Credential()
    {
    }

    /// <summary>An attendee's key.</summary>
    public sealed record Key(KeyHash Hash) : Credential;

    /// <summary>A token of Microsoft Entra ID, or what calls itself one.</summary>
    public sealed record Token(string Text) : Credential
    {
        // Records print their members; a secret must not end up in a log that way.
        public override string ToString() => "Token(…)";
    }

    /// <summary><c>EVENT/USER</c>, <c>EVENT@SECRET/USER</c>, or without a user where only the event is asked about.</summary>
    public sealed record Code(EventCode Event, string? SharedSecret, UserId? User) : Credential
    {
        public override string ToString() => $"Code({Event}/…)";
    }

    /// <summary><c>RESOURCE_ID:MAPPING:API_KEY[:API_VERSION]</c>: a resource that the caller brings.</summary>
    public sealed record Composite(CompositeKey Value) : Credential
    {
        public override string ToString() => "Composite(…)";
    }

    /// <summary>Whether a text has the form of a token: parts of base64url with dots between, the first one a JSON object.</summary>
    public static bool IsToken(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Contains('.') && !text.Contains('/') && !text.Contains(':');

    /// <summary>
    /// The one recogniser of every kind of credential, in this order: our key's prefix; a token's form; a <c>/</c> before any
    /// <c>:</c>, or no <c>:</c> at all, is an event code; the rest is a composite key.
    /// </summary>
    /// <param name="takesComposite">Else a text with <c>:</c> is a mistyped event code.</param>
    public static Result<Credential> Recognise(string text, bool takesComposite)
    {
        if (AttendeeKey.HasPrefix(text))
            return AttendeeKey.IsWellFormed(text)
                ? new Key(KeyHash.Of(text))
                : Refuse.MalformedCredential($"The key is mistyped: it is '{AttendeeKey.Prefix}' and {AttendeeKey.Length - AttendeeKey.Prefix.Length} letters and digits, all of them needed. Copy it again.");
        if (IsToken(text))
            return new Token(text);
        var slash = text.IndexOf('/');
        var event_ = slash < 0 ? text : text[..slash];
        if (!event_.Contains(':'))
            return RecogniseCode(event_, slash < 0 ? null : text[(slash + 1)..]);
        if (!takesComposite)
            return Refuse.MalformedCredential("The credential is none this server knows: it takes EVENT/USER, EVENT@SECRET/USER, an attendee's key, or a token of Microsoft Entra ID.");
        return CompositeKey.Parse(text).IsRefused(out var malformed, out var composite) ? malformed : new Composite(composite);
    }

    private static Result<Credential> RecogniseCode(string event_, string? userText)
    {
        var at = event_.IndexOf('@');
        if (!EventCode.TryParse(at < 0 ? event_ : event_[..at], out var code))
            return Refuse.MalformedCredential($"The credential does not begin with an event code: that is {EventCode.Rule}. Write EVENT/USER, such as hackathon/your-github-name.");
        var secret = at < 0 ? null : event_[(at + 1)..];
        if (userText is null)
            return new Code(code, secret, null);
        if (!UserId.TryParse(userText, out var user))
            return Refuse.MalformedCredential($"The user id behind the event code is not valid: it is {UserId.Rule}.");
        if (user.Value.StartsWith(TokenHolder.Prefix, StringComparison.OrdinalIgnoreCase))
            return Refuse.MalformedCredential($"User ids that begin with '{TokenHolder.Prefix}' are those of people who come by a token. Send yours as 'Authorization: Bearer', or choose another user id.");
        return new Code(code, secret, user);
    }
}
