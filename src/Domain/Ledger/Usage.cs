using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>Tokens that a request used.</summary>
/// <param name="Input">All tokens of the prompt, cached ones included.</param>
/// <param name="CachedInput">Those of <paramref name="Input"/> that were cached, which cost less.</param>
/// <param name="Output">All tokens that were made, reasoning ones included.</param>
/// <param name="Reasoning">Those of <paramref name="Output"/> that nobody sees.</param>
public readonly record struct Usage(long Input, long CachedInput, long Output, long Reasoning)
{
    public long Total => Input + Output;

    /// <summary>
    /// What a backend reported, brought to what can be: none is negative or above <see cref="Limit.MaxCap"/>, and no part is more than its
    /// whole. So a broken report fills an account at worst, and adding it up never overflows.
    /// </summary>
    public static Usage Reported(long input, long cachedInput, long output, long reasoning)
    {
        var (allInput, allOutput) = (Math.Clamp(input, 0, Limit.MaxCap), Math.Clamp(output, 0, Limit.MaxCap));
        return new Usage(allInput, Math.Clamp(cachedInput, 0, allInput), allOutput, Math.Clamp(reasoning, 0, allOutput));
    }
}
