using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Operations;

/// <summary>What reads long texts quickly reads what .NET's own reader reads, token by token, and fails where that one fails.</summary>
public sealed class JsonReaderTests
{
    private static readonly string[] Pieces =
    [
        "plain words ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "日本語", "😀", "' } ] , : {", "\\b\\f\\r\\t",
    ];

    // What no string may hold, and what one may, but only just.
    private static readonly string[] Flaws = ["\n", "\u0000", "\u001F", "\\x", "\\u12G4", "\\u12", "\\", "\u007F", "\\ud800"];

    private static readonly Gen<string> LongText =
        from length in Gen.Choose(0, 700)
        from pieces in Gen.Elements(Pieces).ArrayOf(20)
        select Filled(pieces, length);

    private static readonly Gen<string> Text = Gen.Frequency(
        (8, LongText),
        (1, LongText.SelectMany(text => Gen.Elements(Flaws).SelectMany(flaw => Gen.Choose(0, text.Length).Select(at => text.Insert(at, flaw))))),
        (1, LongText.Select(text => text[..^1])));

    private static readonly Gen<string> Space = Gen.Elements("", "", "", " ", "\n", "\r\n\t ");

    private static readonly Gen<string> Value = Gen.OneOf(
        Text, Text, Text, Gen.Elements("1", "-0.5e3", "true", "null", "{}", "[]", "\"a\""),
        Text.ArrayOf(3).Select(items => $"[{string.Join(',', items)}]"),
        Text.Select(text => $"{{\"deep\":{{\"deeper\":{{\"text\":{text},\"after\":1}}}}}}"));

    private static readonly Gen<byte[]> Bodies =
        from name in Gen.OneOf(Gen.Elements("\"content\"", "\"a\\u0062c\""), LongText)
        from values in Value.ArrayOf(4)
        from space in Space.ArrayOf(3)
        from end in Gen.Frequency((9, Gen.Constant("}")), (1, Gen.Elements("", "}}", "]", " } x")))
        let fields = values.Select(value => $"{name}{space[0]}:{space[1]}{value}{space[2]}")
        select Encoding.UTF8.GetBytes("{" + string.Join(',', fields) + end);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_reads_and_skips_what_the_plain_reader_reads_and_skips(bool skips) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Bodies.ToArbitrary(), body => Tokens(body, skips).ShouldBe(PlainTokens(body, skips))));

    [Fact]
    public void A_text_that_was_passed_over_equals_no_name_and_is_still_there()
    {
        var text = string.Concat(Enumerable.Repeat("\\n", 200));
        var reader = new JsonReader(Encoding.UTF8.GetBytes($$"""{"content":"{{text}}","n":1}"""), 8);
        reader.Read();
        reader.Read();

        reader.Read().ShouldBeTrue();

        reader.TokenType.ShouldBe(JsonTokenType.String);
        reader.ValueIsEscaped.ShouldBeTrue();
        reader.ValueTextEquals("content"u8).ShouldBeFalse();
        reader.GetString().ShouldBe(new string('\n', 200));
        reader.Read().ShouldBeTrue();
        reader.ValueTextEquals("n"u8).ShouldBeTrue();
    }

    private static string Filled(string[] pieces, int length)
    {
        var text = new StringBuilder("\"");
        for (var i = 0; text.Length < length; i++)
            text.Append(pieces[i % pieces.Length]);
        return text.Append('"').ToString();
    }

    private static List<string> Tokens(byte[] body, bool skips)
    {
        var tokens = new List<string>();
        var reader = new JsonReader(body, 64);
        try
        {
            while (reader.Read())
            {
                if (skips && reader.TokenType == JsonTokenType.PropertyName)
                    reader.Skip();
                tokens.Add($"{reader.TokenType} {reader.TokenStart} {reader.Consumed} {reader.ValueIsEscaped} {Encoding.UTF8.GetString(reader.ValueSpan)}");
            }
        }
        catch (JsonException)
        {
            tokens.Add("flaw");
        }
        return tokens;
    }

    private static List<string> PlainTokens(byte[] body, bool skips)
    {
        var tokens = new List<string>();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (skips && reader.TokenType == JsonTokenType.PropertyName)
                    reader.Skip();
                tokens.Add($"{reader.TokenType} {reader.TokenStartIndex} {reader.BytesConsumed} {reader.ValueIsEscaped} {Encoding.UTF8.GetString(reader.ValueSpan)}");
            }
        }
        catch (JsonException)
        {
            tokens.Add("flaw");
        }
        return tokens;
    }
}
