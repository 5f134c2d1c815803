namespace OpenAIProxy.Gateway.Forwarding.Credentials;

/// <summary>Why there is no token.</summary>
/// <param name="IsPassing">Whether the identity endpoint could not be asked, rather than said no.</param>
/// <param name="Problem">What Azure.Identity says of it, for the operator, without secrets.</param>
internal sealed record TokenTrouble(bool IsPassing, string Problem);

/// <summary>There is no token to send to a backend.</summary>
internal sealed class TokenUnavailableException(TokenTrouble trouble) : Exception(trouble.Problem)
{
    public TokenTrouble Trouble => trouble;
}
