using System.Text;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>How much room text takes on a terminal, where East Asian letters are two cells wide and accents take none.</summary>
internal static class Cells
{
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>At most <paramref name="width"/> cells, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        var cut = new StringBuilder();
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (taken + Width(rune) > width - 1)
                break;
            taken += Width(rune);
            cut.Append(rune);
        }
        return cut.Append('…').ToString();
    }

    private static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark
            or System.Globalization.UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // The blocks of https://www.unicode.org/reports/tr11/ that are wide throughout.
    private static bool IsWide(int code) => code is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
