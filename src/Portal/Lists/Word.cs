using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Portal.Lists;

/// <summary>A word of ours in a query, such as <c>?state=paused</c>: written as the answers write it.</summary>
internal readonly record struct Word<T>(T Value)
    where T : struct, Enum
{
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? _, out Word<T> word)
    {
        word = default;
        if (text is null || !Words.Fit(typeof(T), text))
            return false;
        word = new Word<T>(Enum.Parse<T>(text, ignoreCase: true));
        return true;
    }
}
