using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Sizing;

/// <summary>How many input tokens a request probably has: what it is charged where the backend did not report it. Never above its bound.</summary>
public static class InputEstimate
{
    // English prose has 4 to 5 bytes in a token, code 3 to 4: https://platform.openai.com/tokenizer.
    private const long AsciiBytesPerToken = 4;

    // A Chinese or Japanese character has 3 bytes and about one token; two Cyrillic letters have 4 bytes and about one token.
    private const long NonAsciiBytesPerToken = 3;

    // What all but the oldest chat models add.
    private const long PerMessage = 3;

    public static long Of(RequestSize size, Model model) => Math.Min(OfAll(size, model), InputBound.ReadAtMost(size, model));

    private static long OfAll(RequestSize size, Model model)
    {
        // What cannot be told before cannot be told after: hanging up must not be the cheap way to have a file read.
        if (size.IsOpaque)
            return InputBound.Of(size, model).Tokens;
        var rule = ImageRules.Find(model) ?? ImageRules.Usual;
        var text = OfText(size.TextBytes, size.NonAsciiBytes) + size.TokenNumbers;
        var chat = size.Messages * PerMessage + size.Names * InputBound.PerName + (size.Messages > 0 ? InputBound.Priming : 0);
        return text + chat + Over(size.ToolBytes, AsciiBytesPerToken) + size.Images.Sum(rule.TokensOf) + size.MoreImages * rule.TokensOf(default);
    }

    /// <summary>How many tokens a text probably has that was put out, for answers that broke off before their usage came.</summary>
    /// <param name="bytes">Of UTF-8.</param>
    /// <param name="nonAsciiBytes">Those of <paramref name="bytes"/> above 0x7F.</param>
    public static long OfText(long bytes, long nonAsciiBytes) =>
        Over(bytes - nonAsciiBytes, AsciiBytesPerToken) + Over(nonAsciiBytes, NonAsciiBytesPerToken);

    private static long Over(long a, long b) => (a + b - 1) / b;
}
