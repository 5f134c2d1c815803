using System.Text;
using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Tests;

/// <summary>Where an answer's body ends and what is in it, wherever it is cut on its way.</summary>
public sealed class BodyReaderTests
{
    private static readonly string[] Stream = [.. AnswerText.Events(12), AnswerText.Done];

    public static TheoryData<string, int> Chunked => new()
    {
        { AnswerText.Framed(Stream), Stream.Sum(chunk => chunk.Length) },
        { AnswerText.Framed(string.Concat(Stream)), Stream.Sum(chunk => chunk.Length) },
        // Large letters, a size with zeros before it, what stands behind a size, and trailers, which may begin with what looks like a size.
        { "00A\r\n0123456789\r\n4;name=\"value\"\r\nabcd\r\n0\r\nDate: Thu, 01 Jan 2026 09:00:00 GMT\r\nfeed: 1\r\n\r\n", 14 },
    };

    [Theory]
    [MemberData(nameof(Chunked))]
    public void Body_in_chunks_ends_where_it_ends_wherever_it_is_cut(string framed, int length)
    {
        var bytes = Encoding.ASCII.GetBytes(framed);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new BodyReader();
            reader.Start(length: null);

            reader.Read(bytes.AsSpan(0, cut)).ShouldBe(cut == bytes.Length, $"cut at {cut}");
            if (cut < bytes.Length)
                reader.Read(bytes.AsSpan(cut)).ShouldBeTrue($"cut at {cut}");
            reader.Length.ShouldBe(length, $"cut at {cut}");
        }
    }

    [Fact]
    public void Body_that_comes_byte_by_byte_is_the_same()
    {
        var bytes = Encoding.ASCII.GetBytes(AnswerText.Framed(Stream));
        var reader = new BodyReader();
        reader.Start(length: null);

        var whole = Enumerable.Range(0, bytes.Length).Where(i => reader.Read(bytes.AsSpan(i, 1))).ToList();

        whole.ShouldBe([bytes.Length - 1]);
        (reader.Length, reader.Lines, reader.IsDone).ShouldBe((Stream.Sum(chunk => chunk.Length), 2 * 13, true));
    }

    [Fact]
    public void Body_with_a_length_ends_at_its_length_wherever_it_is_cut()
    {
        var bytes = Encoding.ASCII.GetBytes("one\ntwo\nthree");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new BodyReader();
            reader.Start(bytes.Length);

            var first = reader.Read(bytes.AsSpan(0, cut));

            first.ShouldBe(cut == bytes.Length);
            (first || reader.Read(bytes.AsSpan(cut))).ShouldBeTrue();
            (reader.Length, reader.Lines).ShouldBe((bytes.Length, 2));
        }
    }

    [Fact]
    public void Stream_is_done_only_with_its_last_event_at_its_end()
    {
        IsDone([.. AnswerText.Events(3), AnswerText.Done]).ShouldBeTrue();
        IsDone([.. AnswerText.Events(3), "data: [DO", "NE]\n\n"]).ShouldBeTrue();
        IsDone(AnswerText.Events(3)).ShouldBeFalse();
        IsDone([AnswerText.Done, "data: {}\n\n"]).ShouldBeFalse();
        IsDone(["data: [DONE]\n"]).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_of_one_answer_is_left_for_the_next()
    {
        var reader = new BodyReader();
        reader.Start(length: null);
        reader.Read(Encoding.ASCII.GetBytes(AnswerText.Framed(Stream))).ShouldBeTrue();

        reader.Start(2);
        reader.Read("ok"u8).ShouldBeTrue();

        (reader.Length, reader.Lines, reader.IsDone).ShouldBe((2, 0, false));
    }

    private static bool IsDone(string[] chunks)
    {
        var reader = new BodyReader();
        reader.Start(length: null);
        reader.Read(Encoding.ASCII.GetBytes(AnswerText.Framed(chunks))).ShouldBeTrue();
        return reader.IsDone;
    }
}
