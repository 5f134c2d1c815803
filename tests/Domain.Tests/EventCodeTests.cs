using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class EventCodeTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("2030.spring_hack-1")]
    [InlineData("9lives")]
    public void Plain_code_is_read_as_it_is(string text) => EventCode.Parse(text).Value.ShouldBe(text);

    [Fact]
    public void Upper_case_is_read_as_lower_case() => EventCode.Parse("HackATHON").ShouldBe(EventCode.Parse("hackathon"));

    [Fact]
    public void Longest_code_is_64_characters()
    {
        EventCode.TryParse(new string('a', 64), out _).ShouldBeTrue();
        EventCode.TryParse(new string('a', 65), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-ab")]
    [InlineData(".ab")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("ab\n")]
    [InlineData("ab\0")]
    [InlineData("zürich")]
    [InlineData("١٢٣")] // digits, but not ASCII ones
    [InlineData("K\u212A")] // the Kelvin sign, whose lower case is an ASCII k
    public void Anything_else_is_no_code(string? text)
    {
        EventCode.TryParse(text, out var code).ShouldBeFalse();
        code.Value.ShouldBe("");
    }

    [Fact]
    public void Parsing_says_what_a_code_looks_like() =>
        Should.Throw<FormatException>(() => EventCode.Parse("?")).Message.ShouldContain(EventCode.Rule);
}
