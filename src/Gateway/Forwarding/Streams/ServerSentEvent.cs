namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>One event of a stream.</summary>
/// <param name="Raw">As it came, with the blank line that ends it.</param>
/// <param name="Data">The text of its <c>data:</c> lines; empty for a comment.</param>
internal readonly record struct ServerSentEvent(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether this is the end of a stream of completions.</summary>
    public bool IsDone => Data.Span.SequenceEqual("[DONE]"u8);
}
