using System.Text;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Tests.Accounting;

public sealed class UsageTests
{
    private const string Chat = """
        {"choices":[{"message":{"content":"a \"usage\":{\"prompt_tokens\":666} \\","usage":{"prompt_tokens":1}}}], "us\u0061ge" : 3,
         "usage" : { "completion_tokens":195, "prompt_tokens":4,"total_tokens":199, "x":[{"}":"{"}],
         "prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":50}} , "other":"usage"}
        """;

    [Theory]
    [InlineData(Chat, 4, 3, 195, 50)]
    [InlineData("""{"usage":{"prompt_tokens":7,"total_tokens":7},"data":[]}""", 7, 0, 0, 0)]
    [InlineData("""{"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":2},"output_tokens":6,"output_tokens_details":{"reasoning_tokens":1}}}""", 5, 2, 6, 1)]
    [InlineData("""{"usage":{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":9},"completion_tokens":1,"completion_tokens_details":null}}""", 5, 5, 1, 0)]
    [InlineData("""{"usage":null,"usage":{"prompt_tokens":1,"completion_tokens":0}}""", 1, 0, 0, 0)]
    [InlineData("""{"usage":{"prompt_tokens":1},"the_last_month_of_usage":{"prompt_tokens":9}}""", 1, 0, 0, 0)] // its end alone is another name
    public void Usage_is_found_wherever_the_answer_is_cut(string answer, long input, long cached, long output, long reasoning)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        var expected = new Usage(input, cached, output, reasoning);

        for (var cut = 0; cut <= bytes.Length; cut++)
            Find([bytes[..cut], bytes[cut..]]).ShouldBe(expected);
        Find(bytes.Select(b => new[] { b })).ShouldBe(expected);
    }

    [Fact]
    public void Text_of_a_whole_answer_is_counted_wherever_it_is_cut()
    {
        var bytes = Encoding.UTF8.GetBytes("""
            {"id":"content","content":"not this","choices":[{"message":{"role":"assistant","content" : "ab\"é","x":["content","no"],"content":null,
             "tool_calls":[{"type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"text":"d","finish_reason":"content"}]}
            """);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var finder = new UsageFinder();
            finder.Observe(bytes.AsSpan(0, cut));
            finder.Observe(bytes.AsSpan(cut));
            // Of a character that is escaped the backslash is not counted: ab"é, f, {"a":1}, d.
            finder.Text.ShouldBe(new StreamedText(0, 5 + 1 + 7 + 1, 2));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON at all }}}}{{{[[[\"")]
    [InlineData("""["usage",{"usage":{"prompt_tokens":1}}]""")]
    [InlineData("""{"a":{"usage":{"prompt_tokens":1}}}""")]
    [InlineData("""{"a":"usage"}""")]
    [InlineData("""{"usage":[{"prompt_tokens":1}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":-1}}""")]
    [InlineData("""{"usage":{"prompt_tokens":1e30}}""")]
    [InlineData("""{"usage":{"prompt_tokens":"5"}}""")]
    [InlineData("""{"usage":{"prompt_tokens":""")]
    public void What_is_no_usage_is_none(string answer) => Find([Encoding.UTF8.GetBytes(answer)]).ShouldBeNull();

    [Fact]
    public void A_usage_object_without_end_costs_no_memory()
    {
        var finder = new UsageFinder();
        finder.Observe("{\"usage\":{\"a\":\""u8);
        var piece = Enumerable.Repeat((byte)'x', 100_000).ToArray();
        finder.Observe(piece);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            finder.Observe(piece);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000);
    }

    [Theory]
    [InlineData("""{"choices":[]}""", false, false, null)]
    [InlineData("""{"choices":[],"usage":null}""", false, false, null)]
    [InlineData("""{"choices":[{"delta":{}}]}""", true, false, null)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", false, false, 2L)]
    [InlineData("""{"choices":[{"a":[{"usage":{"completion_tokens":9}}]}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", true, false, 2L)]
    [InlineData("""{"error":{"message":"no"}}""", false, true, null)]
    [InlineData("""{"error":null,"choices":[]}""", false, false, null)]
    [InlineData("""not JSON""", true, false, null)]
    [InlineData("""{"\ud800":1}""", true, false, null)]
    [InlineData("", true, false, null)]
    public void A_chunk_says_what_matters_of_it(string data, bool hasChoices, bool isError, long? output)
    {
        var chunk = Chunk.Read(Encoding.UTF8.GetBytes(data));

        (chunk.HasChoices, chunk.IsError, chunk.Usage?.Output).ShouldBe((hasChoices, isError, output));
    }

    [Theory]
    [InlineData("""{"delta":{"role":"assistant","content":"abc"}}""", 3, 0)]
    [InlineData("""{"text":"abc","finish_reason":null}""", 3, 0)]
    [InlineData("""{"delta":{"content":"Grüße"}}""", 7, 4)]
    [InlineData("""{"delta":{"content":null,"refusal":"abc"}}""", 3, 0)]
    [InlineData("""{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"ab","arguments":"c"}}]}}""", 3, 0)]
    [InlineData("""{"delta":{"function_call":{"name":"ab","arguments":"c"}}}""", 3, 0)]
    [InlineData("""{"delta":{"role":"assistant"},"finish_reason":"stop"}""", 0, 0)]
    public void What_the_model_puts_out_in_a_chunk_is_its_text_and_its_calls(string choice, int bytes, int nonAscii)
    {
        var chunk = Chunk.Read(Encoding.UTF8.GetBytes($$"""{"id":"chatcmpl-1","choices":[{{choice}}]}"""));

        (chunk.TextBytes, chunk.NonAsciiBytes).ShouldBe((bytes, nonAscii));
    }

    private static Usage? Find(IEnumerable<byte[]> pieces)
    {
        var finder = new UsageFinder();
        foreach (var piece in pieces)
            finder.Observe(piece);
        return finder.Usage;
    }
}
