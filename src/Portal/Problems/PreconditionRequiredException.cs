namespace OpenAIProxy.Portal.Problems;

/// <summary>A change was asked for without saying of which version.</summary>
internal sealed class PreconditionRequiredException() : Exception("If-Match is missing.");
