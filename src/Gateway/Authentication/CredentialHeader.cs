using System.Text;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>Where clients put their credential: any header takes any kind of it.</summary>
internal static class CredentialHeader
{
    private const string EventCode = "openai-event-code";
    private const string ApiKey = "api-key";
    private const string Bearer = "Bearer";

    // Headers arrive as Latin-1, one character a byte, so that no byte is lost or refused on the way here.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="eventCode">The event code beside a token, which says who comes but not to which event; else null.</param>
    /// <returns>The credential. Where one of the headers stands there twice nobody knows which is meant, and as one text they would be somebody else's.</returns>
    public static Result<string> Find(IHeaderDictionary headers, out string? eventCode)
    {
        eventCode = null;
        var (codes, keys, authorizations) = (headers[EventCode], headers[ApiKey], headers.Authorization);
        if (codes.Count > 1)
            return Refuse.DoubledCredential(EventCode);
        if (keys.Count > 1)
            return Refuse.DoubledCredential(ApiKey);
        if (authorizations.Count > 1)
            return Refuse.DoubledCredential("Authorization");
        var code = Text(codes.ToString());
        if (code is not null && Credential.IsToken(code))
            return code;
        var other = Text(keys.ToString()) ?? Authorization(authorizations.ToString());
        if (other is null || code is null)
            return (code ?? other) is { } only ? only : Refuse.NoCredential();
        if (!Credential.IsToken(other))
            return code;
        eventCode = code;
        return other;
    }

    // The scheme is taken off first: what has been read as text once is not bytes any more. Alone it is what clients send who have no key.
    private static string? Authorization(string authorization)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Text(authorization);
        var credential = authorization[Bearer.Length..];
        return credential is "" or [' ' or '\t', ..] ? Text(credential) : Text(authorization);
    }

    // Some clients write UTF-8, some Latin-1: it is UTF-8 where it can be.
    private static string? Text(string header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        if (Ascii.IsValid(header))
            return header.Trim();
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(header)).Trim();
        }
        catch (DecoderFallbackException)
        {
            return header.Trim();
        }
    }
}
