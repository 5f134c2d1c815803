using System.Buffers;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>Reads the data out of an event's lines.</summary>
internal static class EventData
{
    /// <returns>The part of <paramref name="raw"/> behind <c>data:</c>, or a joined copy where there are several such lines.</returns>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> raw)
    {
        ReadOnlyMemory<byte>? only = null;
        ArrayBufferWriter<byte>? joined = null;
        for (var rest = raw; rest.Length > 0;)
        {
            var line = TakeLine(ref rest);
            if (!line.Span.StartsWith("data"u8) || (line.Length > 4 && line.Span[4] != ':'))
                continue;
            var value = line.Length <= 5 ? default : line[(line.Span[5] == ' ' ? 6 : 5)..];
            if (only is null)
                only = value;
            else
                Join(joined ??= Begun(only.Value.Span), value.Span);
        }
        return joined?.WrittenMemory ?? only ?? default;
    }

    private static ReadOnlyMemory<byte> TakeLine(ref ReadOnlyMemory<byte> rest)
    {
        var span = rest.Span;
        var end = span.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? rest : rest[..end];
        var skip = end < 0 ? 0 : span[end] == '\r' && end + 1 < span.Length && span[end + 1] == '\n' ? 2 : 1;
        rest = rest[(line.Length + skip)..];
        return line;
    }

    private static ArrayBufferWriter<byte> Begun(ReadOnlySpan<byte> line)
    {
        var joined = new ArrayBufferWriter<byte>();
        joined.Write(line);
        return joined;
    }

    private static void Join(ArrayBufferWriter<byte> joined, ReadOnlySpan<byte> line)
    {
        joined.Write("\n"u8);
        joined.Write(line);
    }
}
