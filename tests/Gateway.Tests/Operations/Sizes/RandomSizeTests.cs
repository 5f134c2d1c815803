using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

public sealed class RandomSizeTests
{
    private static readonly Dictionary<string, ImageSize> Sizes = new()
    {
        [ImageFiles.DataUrl(ImageFiles.Png(1_024, 768))] = new(default, 1_024, 768),
        [ImageFiles.DataUrl(ImageFiles.Jpeg(640, 480, before: 300), "image/jpeg")] = new(default, 640, 480),
        [ImageFiles.DataUrl(ImageFiles.Gif(10, 20, 30, 5), "image/gif")] = new(default, 30, 20),
        [ImageFiles.DataUrl(ImageFiles.WebPLossless(16_383, 1), "image/webp")] = new(default, 16_383, 1),
        [ImageFiles.DataUrl(ImageFiles.Png(0, 768))] = default,
        ["https://example.org/a.png"] = default,
    };

    private static readonly Gen<string> Text = Gen.Elements(
        "\"\"", "\"hello\"", "\"h\\u00e9llo\"", "\"héllo \\n \\\"wörld\\\"\"", "\"日本語のとても長い文章です。どのくらいありますか。\"", "\"\\ud83d\\ude00 😀\"", "\"data:image/png;base64,AAAA\"", "\"\\/\"",
        $"\"{string.Concat(Enumerable.Repeat("A long text, \\\"quoted\\\", with é.\\n", 12))}\"");
    private static readonly Gen<string> Value = Gen.OneOf(Text,
        Gen.Elements("null", "5", "-1.5e3", "true", "{}", "[]", "{ \"content\" : [ { \"type\":\"image_url\" } ] }", "[1, [2, \"ü\"], {\"a\":{}}]"));
    private static readonly Gen<string> Image =
        from url in Gen.Elements(Sizes.Keys.ToArray())
        from escaped in Gen.Elements(true, false)
        from detail in Gen.Elements("", ",\"detail\":\"low\"", ",\"detail\":\"high\"", ",\"detail\":\"auto\"", ",\"detail\":\"fine\"")
        from first in Gen.Elements(true, false)
        let field = $"\"url\":\"{(escaped ? url.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal) : url)}\""
        select $"\"image_url\":{{{(first || detail.Length == 0 ? field + detail : detail[1..] + "," + field)}}}";
    private static readonly Gen<string> Part = Gen.OneOf(
        Text.Select(t => $"\"type\":\"text\",\"text\":{t}"),
        Text.Select(t => $"\"refusal\" : {t} , \"type\" : \"refusal\""),
        Gen.Constant("\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUJDRA==\",\"format\":\"mp3\"}"),
        Gen.Constant("\"type\":\"file\",\"file\":{\"file_id\":\"a\"}"),
        Value.Select(v => $"\"type\":\"text\",\"unknown\":{v}"),
        Value.Select(v => $"\"video\":{v},\"type\":\"video\""),
        Image.Select(i => $"\"type\":\"image_url\",{i}"),
        Image.Select(i => $"{i},\"type\":\"image_url\"")).Select(p => "{" + p + "}");
    private static readonly Gen<string> MessageField = Gen.OneOf(
        Gen.Elements("\"role\":\"user\"", "\"role\":\"assistant\"", "\"name\":\"Ann\"", "\"tool_call_id\":\"c1\"", "\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]", "\"function_call\":{\"name\":\"f\"}", "\"content\":null"),
        Text.Select(t => "\"content\":" + t),
        Text.Select(t => "\"c\\u006fntent\":" + t),
        Part.ArrayOf().Select(p => $"\"content\":[{string.Join(" , ", p)}]"),
        Value.Select(v => "\"unknown_field\":" + v));
    private static readonly Gen<string> Messages = MessageField.ArrayOf().Select(f => "{" + string.Join(",", f) + "}").ArrayOf().Select(m => $"\"messages\":[{string.Join(",", m)}]");
    private static readonly Gen<string> OtherField = Gen.OneOf(
        Value.ArrayOf().Select(v => $"\"functions\":[ {string.Join(",", v)}]"),
        Value.Select(v => "\"brand_new\":" + v));
    private static readonly Gen<string> Bodies =
        from messages in Messages
        from tools in Gen.Elements("\"tools\":[]", "\"tools\":[{\"type\":\"function\"}, {\"ü\":1}]")
        from others in OtherField.ArrayOf()
        from shuffled in Gen.Shuffle(others.Append(messages).Append(tools).ToArray())
        select "{" + string.Join(",", shuffled) + "}";

    [Fact]
    public void The_size_is_what_a_plain_model_says_and_no_less_than_the_decoded_text() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Bodies.ToArbitrary(), Holds));

    [Fact]
    public void Nothing_that_is_wrong_with_a_body_throws()
    {
        // Not for secrets: a test must be able to do the same again.
        var random = new Random(7);
        var bodies = Bodies.Sample(40, new Rnd(7), 200).Select(Encoding.UTF8.GetBytes).ToArray();
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var body = Mutated([.. bodies[random.Next(bodies.Length)]], random);

            var (refusal, size) = Scanning.Scan(OperationSpec.All[random.Next(20) == 0 ? random.Next(3) : 0], body);

            (refusal is null ? ref accepted : ref refused)++;
            refusal?.Status.ShouldBe(400);
            size.NonAsciiBytes.ShouldBeInRange(0, size.TextBytes);
            (size.TextBytes + size.ToolBytes).ShouldBeInRange(0, body.Length);
            size.Images.ShouldAllBe(image => image.Width >= 0 && image.Height >= 0);
        }

        accepted.ShouldBeGreaterThan(1_000);
        refused.ShouldBeGreaterThan(1_000);
    }

    private static bool Holds(string body)
    {
        var (expected, decoded) = SizeModel.Of(body, Sizes);

        var actual = Scanning.SizeOf(OperationSpec.ChatCompletions, body);

        (actual with { Images = [] }).ShouldBe(expected with { Images = [] }, body);
        actual.Images.ShouldBe(expected.Images, body);
        actual.TextBytes.ShouldBeGreaterThanOrEqualTo(decoded);
        return true;
    }

    private static byte[] Mutated(byte[] body, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0 && body.Length > 1; changes--)
        {
            var at = random.Next(body.Length);
            var length = random.Next(Math.Min(20, body.Length - at));
            switch (random.Next(6))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body[at] = (byte)"{}[]\",:\\u0n"[random.Next(11)];
                    break;
                case 2:
                    body = [.. body[..at], .. body[(at + length)..]];
                    break;
                case 3:
                    body = [.. body[..(at + length)], .. body[at..]];
                    break;
                case 4:
                    body[at] = (byte)('A' + random.Next(58));
                    break;
                default:
                    body[at] = body[random.Next(body.Length)];
                    break;
            }
        }
        return body;
    }
}
