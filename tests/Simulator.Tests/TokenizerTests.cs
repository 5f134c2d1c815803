using System.Text;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Tests;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("Hello, world!", 4)]
    [InlineData("internationalisation", 4)]
    [InlineData("12345", 2)]
    [InlineData("line\n\nline", 3)]
    [InlineData("海は青い", 4)]
    [InlineData("🐙🐙", 2)]
    public void Texts_count_about_as_much_as_they_do_elsewhere(string text, int tokens)
    {
        Tokenizer.Count(text).ShouldBe(tokens);
    }

    [Fact]
    public void Any_text_has_at_most_as_many_tokens_as_bytes_and_is_their_sum()
    {
        var dice = new Dice(9);
        for (var round = 0; round < 2_000; round++)
        {
            // Lone surrogates among them.
            var text = string.Concat(Enumerable.Range(0, dice.Below(40)).Select(_ => (char)dice.Below(dice.Pick([0x80, 0x800, 0x10000]))));

            var tokens = Tokenizer.Count(text);

            tokens.ShouldBeLessThanOrEqualTo(Encoding.UTF8.GetByteCount(text));
            Tokenizer.LengthOf(text, tokens).ShouldBe(text.Length);
        }
    }
}
