using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OpenAIProxy.Domain.Access;

/// <summary>
/// What an attendee calls themselves: free text of 1 to 128 characters, <c>/</c> and <c>:</c> allowed. Spaces around it are
/// dropped and equal texts are written equally (Unicode NFC), so that nobody has two allowances for one name.
/// </summary>
public readonly record struct UserId
{
    /// <summary>In characters of Unicode, as they are written after normalising.</summary>
    public const int MaxLength = 128;

    /// <summary>What a valid user id looks like, for messages.</summary>
    public const string Rule = "1 to 128 characters, none of them a control character";

    private readonly string? value;

    private UserId(string value) => this.value = value;

    public string Value => value ?? "";

    public static bool TryParse([NotNullWhen(true)] string? text, out UserId user)
    {
        user = default;
        // Normalising puts up to four characters together (α and three marks become ᾂ): what is too long even so is refused without it.
        if (text is null || text.Length > 4 * MaxLength || !IsWellFormed(text))
            return false;
        var normal = (text.IsNormalized() ? text : text.Normalize()).Trim();
        var length = 0;
        foreach (var rune in normal.EnumerateRunes())
            if (Rune.IsControl(rune) || ++length > MaxLength)
                return false;
        if (length == 0)
            return false;
        user = new UserId(normal);
        return true;
    }

    // Text with half a surrogate pair cannot be normalised or stored.
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    public override string ToString() => Value;
}
