namespace OpenAIProxy.Bench;

/// <summary>The run cannot go on, or its figures are worth nothing; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
