using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenAIProxy.Cli.Documents;

/// <summary>What a word without quotes is, by the core schema of https://yaml.org/spec/1.2.2/#103-core-schema.</summary>
internal static partial class PlainScalar
{
    // Texts to YAML 1.2, and something else to parsers of YAML 1.1 that may read what we write.
    private static readonly string[] Doubtful = ["y", "n", "yes", "no", "on", "off", "~", "null", "true", "false"];

    public static JsonNode? Read(string word) => word switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when Integer().IsMatch(word) && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when Real().IsMatch(word) && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => real,
        _ => word,
    };

    /// <summary>Whether a text can do without quotes.</summary>
    public static bool IsSafe(string text) => text.Length > 0
        && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '_' or '/' or ':' or '@' or '(' or ')')
        && !Doubtful.Contains(text, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("^[-+]?[0-9]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Real();
}
