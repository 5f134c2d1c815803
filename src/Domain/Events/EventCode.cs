using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Domain.Events;

/// <summary>
/// The short name that attendees type: 2 to 64 of <c>a-z 0-9 . _ -</c>, beginning with a letter or a digit.
/// Upper case is read as lower case, because people type codes from a slide.
/// </summary>
public readonly record struct EventCode
{
    public const int MinLength = 2;
    public const int MaxLength = 64;

    private readonly string? value;

    private EventCode(string value) => this.value = value;

    public string Value => value ?? "";

    /// <exception cref="FormatException">The text is not an event code.</exception>
    public static EventCode Parse(string text) =>
        TryParse(text, out var code) ? code : throw new FormatException($"'{text}' is not an event code: {Rule}");

    /// <summary>What a valid code looks like, for messages.</summary>
    public const string Rule = "2 to 64 letters, digits, '.', '_' or '-', beginning with a letter or a digit";

    public static bool TryParse([NotNullWhen(true)] string? text, out EventCode code)
    {
        code = default;
        if (text is null || text.Length is < MinLength or > MaxLength || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        code = new EventCode(text.ToLowerInvariant());
        return true;
    }

    public override string ToString() => Value;
}
