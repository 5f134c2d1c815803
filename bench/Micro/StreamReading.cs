using BenchmarkDotNet.Attributes;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Upstream;

namespace OpenAIProxy.Micro;

/// <summary>Cutting a stream of 50 chunks into events, and reading what is in them.</summary>
public class StreamReading
{
    // Without the framing of the transfer, which HttpClient takes off.
    private readonly byte[][] events = [.. Answers.StreamWithUsage.Chunks.Select(Data)];

    [Benchmark]
    public long ReadEvents() => Read(looks: true) is > 0 and var tokens ? tokens : throw new InvalidOperationException("No usage was found in the stream.");

    [Benchmark]
    public long CutIntoEvents() => Read(looks: false);

    private long Read(bool looks)
    {
        using var buffer = new EventBuffer();
        var tokens = 0L;
        foreach (var arrived in events)
        {
            arrived.CopyTo(buffer.Space());
            buffer.Filled(arrived.Length);
            while (buffer.TryTake(out var taken))
                if (looks && !taken.IsDone && Chunk.Read(taken.Data.Span).Usage is { } usage)
                    tokens = usage.Output;
        }
        return tokens;
    }

    private static byte[] Data(ReadOnlyMemory<byte> chunk)
    {
        var start = chunk.Span.IndexOf("\r\n"u8) + 2;
        return chunk[start..^2].ToArray();
    }
}
