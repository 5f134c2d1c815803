using System.Buffers.Text;
using System.Text;

namespace OpenAIProxy.Upstream;

/// <summary>The request line and the few headers that say where a request ends.</summary>
/// <param name="BodyLength">In bytes; null where the body comes in chunks.</param>
internal readonly record struct RequestHead(Profile Profile, int? BodyLength, bool IsLast)
{
    /// <param name="head">From the request line up to the empty line, which is not part of it.</param>
    public static RequestHead Parse(ReadOnlySpan<byte> head)
    {
        var line = head.IndexOf("\r\n"u8);
        var result = new RequestHead(ProfileIn(line < 0 ? head : head[..line]), 0, false);
        while (line >= 0)
        {
            head = head[(line + 2)..];
            line = head.IndexOf("\r\n"u8);
            result = result.With(line < 0 ? head : head[..line]);
        }
        return result;
    }

    private RequestHead With(ReadOnlySpan<byte> header)
    {
        var colon = header.IndexOf((byte)':');
        if (colon < 0)
            return this;
        var name = header[..colon];
        var value = header[(colon + 1)..].Trim((byte)' ');
        // Most headers are of other lengths than these three.
        return name.Length switch
        {
            14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => this with { BodyLength = Utf8Parser.TryParse(value, out int length, out _) ? length : 0 },
            17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => this with { BodyLength = null },
            10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => this with { IsLast = Ascii.EqualsIgnoreCase(value, "close"u8) },
            _ => this,
        };
    }

    private static Profile ProfileIn(ReadOnlySpan<byte> line)
    {
        var before = "/deployments/"u8;
        var start = line.IndexOf(before);
        if (start < 0)
            return Profile.Unknown;
        var rest = line[(start + before.Length)..];
        var end = rest.IndexOfAny("/? "u8);
        return (end < 0 ? rest : rest[..end]) switch
        {
            var name when name.SequenceEqual("chat"u8) => Profile.Chat,
            var name when name.SequenceEqual("burst"u8) => Profile.Burst,
            var name when name.SequenceEqual("late"u8) => Profile.Late,
            var name when name.SequenceEqual("slow"u8) => Profile.Slow,
            _ => Profile.Unknown,
        };
    }
}
