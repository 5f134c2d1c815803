using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>What tokens cost, in whole micro-dollars: exact within, and rounded up once at the end.</summary>
/// <remarks>
/// No input overflows. What would cost more than <see cref="Highest"/> costs that: it is above every cap
/// (<see cref="Limits.Limit.MaxCap"/>), so where a limit on money applies such a request is never let in, and a million of them still
/// fit into one account. Negative counts, which a broken backend may report, are none.
/// </remarks>
public static class Cost
{
    /// <summary>Prices are for a million tokens, so a product of tokens and price is in millionths of a micro-dollar.</summary>
    public const long Scale = 1_000_000;

    /// <summary>In micro-dollars: all that a <see cref="Hold"/> can say in millionths, about 9.2 million dollars.</summary>
    public const long Highest = long.MaxValue / Scale + 1;

    /// <summary>What a usage costs; at a price that is unknown, nothing.</summary>
    public static long Of(Usage usage, Price? price)
    {
        if (price is null)
            return 0;
        var input = Math.Max(usage.Input, 0);
        var cached = Math.Clamp(usage.CachedInput, 0, input);
        return Whole(Product(input - cached, price.Input) + Product(cached, price.CachedInput) + Product(usage.Output, price.Output));
    }

    /// <summary>The most that a request can cost; at a price that is unknown, nothing.</summary>
    /// <param name="input">The most input tokens it can have.</param>
    /// <param name="output">The most output tokens it can have, over all its choices.</param>
    public static long AtMost(long input, long output, Price? price) =>
        price is null ? 0 : Whole(Product(input, DearestInput(price)) + Product(output, price.Output));

    /// <summary>What so many input tokens cost at most, in millionths of a micro-dollar; saturates at <see cref="long.MaxValue"/>.</summary>
    public static long OfInputAtMost(long input, Price price) => Saturated(Product(input, DearestInput(price)));

    /// <summary>What one more output token for each choice costs, in millionths of a micro-dollar; saturates at <see cref="long.MaxValue"/>.</summary>
    public static long OfOutputToken(long choices, Price price) => Saturated(Product(choices, price.Output));

    // Nobody knows before how much of the input is cached, nor does every price list make that cheaper.
    private static long DearestInput(Price price) => Math.Max(price.Input, price.CachedInput);

    // Three products of two longs each fit into 128 bits without a sign.
    private static UInt128 Product(long tokens, long price) => (UInt128)Math.Max(tokens, 0) * (UInt128)Math.Max(price, 0);

    private static long Whole(UInt128 millionths) => (long)UInt128.Min((millionths + Scale - 1) / Scale, Highest);

    private static long Saturated(UInt128 millionths) => (long)UInt128.Min(millionths, long.MaxValue);
}
