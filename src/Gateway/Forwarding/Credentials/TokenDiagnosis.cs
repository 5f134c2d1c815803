using System.Text.RegularExpressions;
using Azure;
using Microsoft.Identity.Client;

namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>Tells what went wrong when a token was asked for, in words that may be logged.</summary>
internal static class TokenDiagnosis
{
    private const string Mask = "…";

    // Enough for Entra's own sentence; the default chain lists every way it tried.
    private const int LongestProblem = 1_000;

    // Both take time by the length of a text and not by what is in it, so they need no end of their own, which would be an exception.
    // An answer that cannot be read is quoted, and a token may be in it. Nothing else that is worth reading is that long; a GUID has 36.
    private static readonly Regex TokenLike = new("[A-Za-z0-9_+=~-]{40,}|eyJ[A-Za-z0-9_+=~.-]*", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);

    private static readonly Regex Blanks = new(@"\s+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);

    /// <param name="secret">The client secret, which must not be in the text; null where there is none.</param>
    public static TokenTrouble Of(Exception failure, string? secret)
    {
        var causes = CausesOf(failure).ToList();
        return new TokenTrouble(causes.Exists(Passes), Clean(causes, secret));
    }

    /// <summary>Whether it will be over some time.</summary>
    public static bool IsPassing(Exception failure) => CausesOf(failure).Any(Passes);

    // What the endpoint answers in full sentences is a no. Anything else will be over some time: an outage, an answer that cannot be read.
    private static bool Passes(Exception cause) => cause switch
    {
        MsalServiceException { ErrorCode: MsalError.ManagedIdentityResponseParseFailure or MsalError.NonParsableOAuthError } => true,
        MsalServiceException { StatusCode: 408 or 410 or 429 or >= 500 } => true,
        RequestFailedException { Status: 0 or 408 or 410 or 429 or >= 500 } => true,
        MsalClientException { ErrorCode: MsalError.JsonParseError } => true,
        HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException => true,
        _ => false,
    };

    private static IEnumerable<Exception> CausesOf(Exception failure)
    {
        yield return failure;
        var causes = failure is AggregateException several ? several.InnerExceptions : failure.InnerException is { } inner ? [inner] : Enumerable.Empty<Exception>();
        foreach (var cause in causes.SelectMany(CausesOf))
            yield return cause;
    }

    private static string Clean(List<Exception> causes, string? secret)
    {
        // Azure.Identity's own exception repeats what it was caused by, or names only who failed.
        var said = causes.Select(cause => cause.Message).Aggregate((all, next) => all.Contains(next, StringComparison.Ordinal) ? all : $"{all} {next}");
        if (!string.IsNullOrEmpty(secret))
            said = said.Replace(secret, Mask, StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), Mask, StringComparison.Ordinal);
        said = TokenLike.Replace(Blanks.Replace(said, " "), Mask).Trim();
        return said.Length <= LongestProblem ? said : said[..LongestProblem] + Mask;
    }
}
