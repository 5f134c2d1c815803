using System.Text;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class EventBufferTests
{
    private const string Stream = """
        : a comment

        data: {"choices":[],"prompt_filter_results":[]}

        event: odd
        data: {"text":"gr\u00fc\u00df \\n dich"}
        id: 7

        data:{"no":"space – 😀"}

        data: one
        data: two
        data
        datax
        data:3

        datax: not ours

        data: [DONE]


        """;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Wherever_the_stream_is_cut_in_two_the_events_are_the_same(string newline)
    {
        var bytes = Encoding.UTF8.GetBytes(Stream.ReplaceLineEndings(newline));
        var whole = Read([bytes]);
        whole.Select(e => e.Data).ShouldBe(["", """{"choices":[],"prompt_filter_results":[]}""", """{"text":"gr\u00fc\u00df \\n dich"}""", """{"no":"space – 😀"}""", "one\ntwo\n\n3", "", "[DONE]"]);

        for (var cut = 0; cut <= bytes.Length; cut++)
            Read([bytes[..cut], bytes[cut..]]).ShouldBe(whole);
        Read(bytes.Select(b => new[] { b })).ShouldBe(whole);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void The_raw_events_together_are_the_stream(string newline)
    {
        var text = Stream.ReplaceLineEndings(newline);
        var bytes = Encoding.UTF8.GetBytes(text);

        for (var size = 1; size < 50; size++)
            string.Concat(Read(bytes.Chunk(size)).Select(e => e.Raw)).ShouldBe(text);
    }

    [Theory]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\n")]
    [InlineData("data: [DONE]\r\n\r")]
    public void A_last_event_without_its_blank_line_is_an_event(string text)
    {
        var last = Read([Encoding.UTF8.GetBytes(text)]).ShouldHaveSingleItem();

        last.ShouldBe((text, "[DONE]"));
    }

    [Fact]
    public void Events_longer_than_the_first_buffer_are_whole()
    {
        var data = new string('x', 100_000);

        Read(Encoding.UTF8.GetBytes($"data: {data}\n\ndata: y\n\n").Chunk(7_777)).Select(e => e.Data).ShouldBe([data, "y"]);
    }

    [Fact]
    public void An_event_of_many_lines_is_read_once_and_not_once_for_each_of_them()
    {
        var raw = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: x\n", 20_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var data = EventData.Of(raw);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 * raw.Length);
        Encoding.UTF8.GetString(data.Span).ShouldBe(string.Join('\n', Enumerable.Repeat('x', 20_000)));
    }

    [Fact]
    public void A_stream_may_be_longer_than_any_of_its_events_may_be()
    {
        using var events = new EventBuffer();
        var read = Encoding.UTF8.GetBytes("data: x\n\ndata: half");

        for (var length = 0; length < 2 * EventBuffer.MaxEvent; length += read.Length)
        {
            read.CopyTo(events.Space());
            events.Filled(read.Length);
            while (events.TryTake(out _))
            {
            }
            events.Space().Length.ShouldBeLessThan(64 * 1024);
        }
    }

    [Fact]
    public void An_event_without_end_is_given_up()
    {
        using var events = new EventBuffer();

        Should.Throw<InvalidDataException>(() =>
        {
            while (true)
                events.Filled(events.Space().Length);
        });
    }

    private static List<(string Raw, string Data)> Read(IEnumerable<byte[]> reads)
    {
        using var events = new EventBuffer();
        var seen = new List<(string, string)>();
        foreach (var read in reads)
        {
            for (var rest = read.AsMemory(); rest.Length > 0;)
            {
                var space = events.Space();
                var count = Math.Min(space.Length, rest.Length);
                rest[..count].CopyTo(space);
                events.Filled(count);
                rest = rest[count..];
                while (events.TryTake(out var taken))
                    seen.Add((Encoding.UTF8.GetString(taken.Raw.Span), Encoding.UTF8.GetString(taken.Data.Span)));
            }
        }
        if (events.TryTakeRest(out var last))
            seen.Add((Encoding.UTF8.GetString(last.Raw.Span), Encoding.UTF8.GetString(last.Data.Span)));
        return seen;
    }
}
