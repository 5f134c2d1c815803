using System.Buffers.Text;
using System.Text;

namespace OpenAIProxy.Bench.Load;

/// <summary>An answer's status line and the headers that say where it ends.</summary>
/// <param name="BodyLength">Null where the body comes in chunks.</param>
/// <param name="IsLast">The server closes the connection behind it.</param>
internal readonly record struct AnswerHead(int Status, long? BodyLength, bool IsLast)
{
    private const int StatusAt = 9;

    /// <param name="head">From the status line up to the empty line, which is not part of it.</param>
    public static AnswerHead Parse(ReadOnlySpan<byte> head)
    {
        var result = new AnswerHead(head.Length > StatusAt && Utf8Parser.TryParse(head[StatusAt..], out int status, out _) ? status : 0, 0, false);
        for (var line = head.IndexOf("\r\n"u8); line >= 0; line = head.IndexOf("\r\n"u8))
        {
            head = head[(line + 2)..];
            var end = head.IndexOf("\r\n"u8);
            result = result.With(end < 0 ? head : head[..end]);
        }
        return result;
    }

    private AnswerHead With(ReadOnlySpan<byte> header)
    {
        var colon = header.IndexOf((byte)':');
        if (colon < 0)
            return this;
        var name = header[..colon];
        var value = header[(colon + 1)..].Trim((byte)' ');
        // Most headers are of other lengths than these three.
        return name.Length switch
        {
            14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => this with { BodyLength = Utf8Parser.TryParse(value, out long length, out _) ? length : 0 },
            17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => this with { BodyLength = null },
            10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => this with { IsLast = Ascii.EqualsIgnoreCase(value, "close"u8) },
            _ => this,
        };
    }
}
