using System.Globalization;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Lists;

/// <summary>Lengths of time as people write them: <c>0s</c>, <c>90m</c>, <c>2h</c>, <c>3d</c>, <c>2w</c>.</summary>
internal static class TimeText
{
    /// <param name="field">Named in the refusal.</param>
    /// <exception cref="ChangeRefusedException">The text is none, or longer than ten years.</exception>
    public static TimeSpan Parse(string field, string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        if (long.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 3_650 * 86_400L)
        {
            var length = unit switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' when count <= 3_650 => TimeSpan.FromDays(count),
                'w' when count <= 3_650 / 7 => TimeSpan.FromDays(7 * count),
                _ => TimeSpan.MaxValue,
            };
            if (length <= TimeSpan.FromDays(3_650))
                return length;
        }
        throw new ChangeRefusedException(field, "a time such as 30s, 90m, 2h, 3d or 2w, at most ten years.");
    }
}
