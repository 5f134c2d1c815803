using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Storage.Sql;

/// <summary>The one rule for the names that people give to things. A name is judged when it is given; what has one already keeps it.</summary>
internal static class Names
{
    /// <summary>What most names may have: in characters.</summary>
    public const int Longest = 128;

    /// <summary>Case does not matter in the names of the catalogue. SQLite folds ASCII letters only; requests are matched by this.</summary>
    public static readonly StringComparer Same = StringComparer.OrdinalIgnoreCase;

    public static bool IsName([NotNullWhen(true)] string? text, int longest = Longest) =>
        text is not null && text.Trim() == text && text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);

    /// <summary>The rest of a sentence that says what may have been given.</summary>
    public static string Rule(int longest = Longest) => $"1 to {longest} characters, no spaces around them and no control characters";
}
