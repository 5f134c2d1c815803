using System.Globalization;

namespace OpenAIProxy.Simulator.Text;

/// <summary>Words in a prompt that make the simulator do something particular.</summary>
internal static class Triggers
{
    public const string FilterPrompt = "[[content-filter]]";
    public const string FilterOutput = "[[filter-output]]";
    private const string Length = "[[tokens=";

    /// <summary>The length of the answer that <c>[[tokens=N]]</c> asks for.</summary>
    public static int? WantedTokens(string prompt)
    {
        var at = prompt.LastIndexOf(Length, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = prompt.AsSpan(at + Length.Length);
        var end = rest.IndexOf("]]");
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens is > 0 and <= 1_000_000 ? tokens : null;
    }
}
