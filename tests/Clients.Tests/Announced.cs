using System.Text.RegularExpressions;

namespace OpenAIProxy.Clients.Tests;

/// <summary>What the server printed when it was ready, read as a person reads it.</summary>
internal sealed record Announced(string Text)
{
    public Uri Public => new(Match(@"clients call +(\S+)"));

    public Uri Admin => new(Match(@"operators +(\S+)metrics"));

    public Uri Simulator => new(Match(@"simulator +(\S+) answers"));

    /// <summary>The command to paste: from the line that begins with <c>curl</c> to the one that does not go on.</summary>
    public string Curl => Match(@"^(curl (?:[^\n]*\\\n)*[^\n]*)");

    private string Match(string pattern)
    {
        var match = Regex.Match(Text, pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        match.Success.ShouldBeTrue($"nothing matches {pattern} in:\n{Text}");
        return match.Groups[1].Value;
    }
}
