namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>The identity provider's keys could not be had.</summary>
/// <param name="reason">For operators: what it did, in words of ours, nothing of its answer.</param>
internal sealed class IdentityProviderException(string reason) : Exception(reason);
