using System.Text.Json;

namespace OpenAIProxy.Portal.Lists;

/// <summary>The words of ours that a field or a parameter takes, as answers write them.</summary>
internal static class Words
{
    /// <returns>Such as <c>draft, open or paused</c>.</returns>
    public static string Of(Type words)
    {
        var all = Enum.GetNames(words).Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        return all.Count == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    /// <summary>Whether a text is one of them, in whatever case. Enum.TryParse takes numbers and lists too.</summary>
    public static bool Fit(Type words, string text) => text.All(char.IsAsciiLetter) && Enum.TryParse(words, text, ignoreCase: true, out _);
}
