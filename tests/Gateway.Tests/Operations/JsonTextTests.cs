using System.Text;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Operations;

/// <summary>
/// Where a string ends, with what matters at each place of a block of bytes and across two. What is refused here is read once more by .NET's reader
/// (<see cref="JsonReaderTests"/>), so that only these see whether a sound text is known for one.
/// </summary>
public sealed class JsonTextTests
{
    // Four blocks.
    private const int Places = 128;

    public static TheoryData<string> Sound { get; } =
    [
        "", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u9aFf", "\\uABcd", "\\\\\\\"", "\\\\\\\\", "\\n\\\"\\u00e9\\\\", "\\ud83d\\ude00", "\u007F", "é", "😀",
    ];

    public static TheoryData<string> Flawed { get; } =
    [
        "\n", "\0", "\u001F", "\\x", "\\ ", "\\\n", "\\U0041", "\\u", "\\u1", "\\u12", "\\u123", "\\uG000", "\\u0G00", "\\u00G0", "\\u000G", "\\u000/", "\\u000:", "\\u000@", "\\u000`", "\\\\\\x",
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_sound_text_ends_at_its_quote(string piece)
    {
        for (var place = 0; place <= Places; place++)
        {
            // What stands behind the text is none of it: another string, with escapes.
            var text = new string('x', place) + piece + new string('x', place % 5);

            var length = JsonText.LengthOf(Encoding.UTF8.GetBytes(text + "\",\"\\\\\\n\\q"), out var isEscaped);

            (length, isEscaped).ShouldBe((Encoding.UTF8.GetByteCount(text), piece.Contains('\\')), $"at {place}");
        }
    }

    [Theory]
    [MemberData(nameof(Flawed))]
    public void A_flaw_is_seen_wherever_it_stands(string piece)
    {
        for (var place = 0; place <= Places; place++)
            foreach (var behind in new[] { "", "x", "x" + new string('a', Places) })
                JsonText.LengthOf(Encoding.UTF8.GetBytes(new string('x', place) + piece + behind + "\""), out _).ShouldBe(-1, $"at {place}, before '{behind}'");
    }

    [Fact]
    public void A_text_that_breaks_off_has_no_end()
    {
        for (var place = 0; place <= Places; place++)
            foreach (var end in new[] { "", "\\", "\\\"", "\\u00", "\\\\\\\"" })
                JsonText.LengthOf(Encoding.UTF8.GetBytes(new string('x', place) + end), out _).ShouldBe(-1, $"'{end}' at {place}");
    }
}
