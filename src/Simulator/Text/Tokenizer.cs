namespace OpenAIProxy.Simulator.Text;

/// <summary>
/// Cuts text into tokens about as long as a real tokenizer's. The tokens of a text are the text, so none is empty: there are never
/// more tokens than bytes of UTF-8. A surrogate pair is never parted.
/// </summary>
internal static class Tokenizer
{
    private const int LongestWord = 8;
    private const int WordPiece = 5;

    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
            text = text[NextLength(text)..];
        return count;
    }

    /// <summary>The length in chars of the first <paramref name="tokens"/> tokens.</summary>
    public static int LengthOf(ReadOnlySpan<char> text, int tokens)
    {
        var length = 0;
        for (; tokens > 0 && length < text.Length; tokens--)
            length += NextLength(text[length..]);
        return length;
    }

    /// <summary>The length in chars of the token that <paramref name="text"/> begins with; at least 1.</summary>
    public static int NextLength(ReadOnlySpan<char> text)
    {
        if (text.Length == 1)
            return 1;
        var first = text[0];
        if (first == ' ' && char.IsAsciiLetter(text[1]))
            return 1 + Word(text[1..]);
        if (char.IsAsciiLetter(first))
            return Word(text);
        if (char.IsAsciiDigit(first))
            return Run(text, 3, char.IsAsciiDigit);
        if (first is '\n' or '\r' or '\t')
            return Run(text, 4, c => c is '\n' or '\r' or '\t');
        if (first < 0x80)
            return Run(text, 4, c => c == first);
        if (char.IsSurrogatePair(first, text[1]))
            return 2;
        return first < 0x800 ? Run(text, 3, c => c is >= '\u0080' and < '\u0800') : 1;
    }

    private static int Word(ReadOnlySpan<char> text)
    {
        var length = Run(text, LongestWord + 1, char.IsAsciiLetter);
        return length > LongestWord ? WordPiece : length;
    }

    private static int Run(ReadOnlySpan<char> text, int most, Func<char, bool> belongs)
    {
        var length = 1;
        while (length < most && length < text.Length && belongs(text[length]))
            length++;
        return length;
    }
}
