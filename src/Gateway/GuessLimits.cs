namespace OpenAIProxy.Gateway;

/// <summary>
/// How many wrong credentials are answered before new ones have to wait: buckets that wrong ones draw on and that fill up with time. Right ones
/// put nothing back. A room behind one address mistypes its code now and then; who guesses does so thousands of times.
/// </summary>
public sealed record GuessLimits
{
    /// <summary>How many wrong credentials from one address (one /64 in IPv6) a full bucket has; at least 1, default 100.</summary>
    public int PerAddress { get; init; } = 100;

    /// <summary>The same for wrong credentials that name one event, from anywhere; at least 1, default 1,000.</summary>
    public int PerEvent { get; init; } = 1_000;

    /// <summary>After how long one more is answered for an address, and ten more for an event; default 1 s.</summary>
    public TimeSpan Refill { get; init; } = TimeSpan.FromSeconds(1);
}
