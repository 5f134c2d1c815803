using System.Text.Json;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>The numbers of a body that decide how much may be put out.</summary>
internal struct Numbers
{
    private long? maxTokens;
    private long? maxCompletionTokens;
    private long? n;
    private long? bestOf;

    /// <summary>The output limit asked for; the smaller one where two are given.</summary>
    public readonly long? LeastLimit => maxTokens is { } one && maxCompletionTokens is { } other ? Math.Min(one, other) : maxTokens ?? maxCompletionTokens;

    /// <summary>How many answers are made to that many prompts, at least 1; more than can be counted counts as the largest number.</summary>
    public readonly long ChoicesOf(long prompts)
    {
        var product = (Int128)Math.Max(n ?? 1, bestOf ?? 1) * prompts;
        return product > long.MaxValue ? long.MaxValue : (long)product;
    }

    public Refusal? Read(ref JsonReader reader, Field field)
    {
        var isLimit = field is Field.MaxTokens or Field.MaxCompletionTokens;
        if (Whole(ref reader) is not { } number || number < (isLimit ? 0 : 1))
            return Refuse.WrongValue(FieldNames.Of(field), isLimit ? "a whole number of tokens" : "a whole number, 1 or more");
        switch (field)
        {
            case Field.MaxTokens:
                maxTokens = number;
                break;
            case Field.MaxCompletionTokens:
                maxCompletionTokens = number;
                break;
            case Field.N:
                n = number;
                break;
            default:
                bestOf = number;
                break;
        }
        return null;
    }

    // 513.0 and 5.13e2 are whole numbers too, and what is beyond counting is still a number that a cap is below.
    private static long? Whole(ref JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
            return null;
        if (reader.TryGetInt64(out var whole))
            return whole;
        if (!reader.TryGetDouble(out var number) || number != Math.Floor(number))
            return null;
        return number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;
    }
}
