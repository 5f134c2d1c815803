using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Domain.Tests;

public sealed class UserIdTests
{
    [Theory]
    [InlineData("ada")]
    [InlineData("a")]
    [InlineData("ada@example.org")]
    [InlineData("team/7:ada lovelace")]
    [InlineData("李小龍")]
    [InlineData("🦀")]
    [InlineData("🏳️‍🌈")] // joined by U+200D, which is a format character and not a control character
    public void Free_text_is_a_user_id(string text) => Parse(text).ShouldBe(text);

    [Theory]
    [InlineData("  ada ", "ada")]
    [InlineData("\u00a0ada\u3000", "ada")]
    [InlineData("\tada", "ada")]
    public void Spaces_around_it_are_dropped(string text, string expected) => Parse(text).ShouldBe(expected);

    [Theory]
    [InlineData("A\u030Angstro\u0308m", "\u00C5ngstr\u00F6m")]
    [InlineData("\u212Bngstr\u00F6m", "\u00C5ngstr\u00F6m")] // the Ångström sign
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul by its parts
    [InlineData("a\u0323\u0307", "a\u0307\u0323")] // marks in another order
    public void Equal_texts_are_one_user(string one, string other) => Parse(one).ShouldBe(Parse(other));

    [Fact]
    public void Case_makes_two_users() => Parse("Ada").ShouldNotBe(Parse("ada"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u3000")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    public void Nothing_and_control_characters_are_refused(string? text) => UserId.TryParse(text, out _).ShouldBeFalse();

    // Not as inline data: half pairs do not survive the way from the attribute to the runner.
    [Fact]
    public void Half_surrogate_pairs_are_refused()
    {
        foreach (var text in new[] { "\ud83e", "a\ud83e", "\udd80", "a\udd80b", "\udd80\ud83e", "\ud83e\ud83e\udd80", "\ud83e " })
            UserId.TryParse(text, out _).ShouldBeFalse();
    }

    [Fact]
    public void Length_is_counted_in_characters_that_people_see_as_one_code_point()
    {
        UserId.TryParse(string.Concat(Enumerable.Repeat("🦀", 128)), out _).ShouldBeTrue();
        UserId.TryParse(string.Concat(Enumerable.Repeat("🦀", 129)), out _).ShouldBeFalse();
        UserId.TryParse(new string('a', 128), out _).ShouldBeTrue();
        UserId.TryParse(new string('a', 129), out _).ShouldBeFalse();
        // Decomposed it is twice as long, and means the same.
        UserId.TryParse(string.Concat(Enumerable.Repeat("A\u030A", 128)), out _).ShouldBeTrue();
    }

    [Fact]
    public void Huge_text_is_refused_without_being_normalised()
    {
        UserId.TryParse(new string('\u0344', 10_000_000), out _).ShouldBeFalse();
        // The one code point that grows most in this form, three times.
        UserId.TryParse(new string('\uFB2C', 43), out _).ShouldBeFalse();
        UserId.TryParse(new string('\uFB2C', 42), out _).ShouldBeTrue();
    }

    private static string Parse(string text)
    {
        UserId.TryParse(text, out var user).ShouldBeTrue();
        return user.Value;
    }
}
