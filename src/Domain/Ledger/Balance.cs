namespace OpenAIProxy.Domain.Ledger;

/// <summary>What stands in an account.</summary>
/// <param name="Used">What has been settled in it; at least 0.</param>
/// <param name="Reserved">What is set aside in it for requests on their way; at least 0.</param>
public readonly record struct Balance(long Used, long Reserved);
