namespace OpenAIProxy.Simulator.Wire;

/// <summary>What an answer can carry in its headers. The server refuses anything else where it is set, which would be a 500.</summary>
internal static class HeaderText
{
    public const string ValueForm = "only ASCII without control characters can stand in a header";

    /// <summary>A token of RFC 9110.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character));

    public static bool IsValue(string? text) => text is null || text.All(character => character is >= ' ' and <= '~');
}
