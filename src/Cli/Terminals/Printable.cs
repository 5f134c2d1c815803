using System.Globalization;
using System.Text;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Text from elsewhere, made safe to print: a user id must not steer somebody's terminal.</summary>
internal static class Printable
{
    public static string From(string text) => Clean(text, keepLineFeeds: false);

    public static string Lines(string text) => Clean(text, keepLineFeeds: true);

    private static string Clean(string text, bool keepLineFeeds)
    {
        if (!text.Any(Steers))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(!Steers(c) || (keepLineFeeds && c == '\n') ? c : '\uFFFD');
        return clean.ToString();
    }

    // Control characters, and those that turn the direction of writing.
    private static bool Steers(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
