namespace OpenAIProxy.Simulator.Operations;

/// <summary>The field <c>stream_options</c>.</summary>
/// <param name="IncludesUsage">One more chunk with the usage, and a null in all others.</param>
/// <param name="IncludesObfuscation">Noise in every chunk, so that its size on the wire does not tell what it says.</param>
internal readonly record struct StreamOptions(bool IncludesUsage, bool IncludesObfuscation);
