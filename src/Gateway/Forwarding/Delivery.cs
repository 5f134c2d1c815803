using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>How an answer is handed to the client.</summary>
/// <param name="HidesUsage">Whether the usage in a stream is for the ledger alone, because the client did not ask for it.</param>
/// <param name="IsOwn">Whether the resource is the client's own, so that all of its answer is theirs.</param>
/// <param name="ReadsOn">Whether a stream is read to its end though its client has gone, because only that tells what it cost.</param>
internal readonly record struct Delivery(StreamMode Mode, bool HidesUsage, bool IsOwn, bool ReadsOn)
{
    public bool IsStrict => Mode == StreamMode.Strict;
}
