using System.Buffers;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Operations.Sizes;

namespace OpenAIProxy.Gateway.Accounting;

/// <summary>
/// Finds the usage in a whole answer while it passes by, in whatever pieces, and counts the text that the model put out: only the
/// text of the usage object itself is kept, so an answer of any size costs no memory.
/// </summary>
internal sealed class UsageFinder
{
    // A usage object has a few hundred bytes.
    private const int MaxKept = 4 * 1024;

    // No name that matters is longer.
    private const int LongestName = 16;

    // Of a usage object that the pieces cut in two, what has come so far.
    private ArrayBufferWriter<byte>? kept;

    // The same of a name.
    private byte[]? cutName;
    private int cutLength;
    private int depth;
    // A bit for each level, the innermost last: whether it is an object. Deeper than 64 levels no name means anything.
    private ulong objects;
    private bool inString;
    private bool escaped;
    private bool nameExpected;
    private bool inName;
    private bool isUsage;
    private bool isText;
    private long textBytes;
    private long nonAsciiBytes;
    private bool keeping;

    /// <summary>The usage found so far: the last one, if an answer should have several.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>What the model put out as far as it has come, for answers without a usage.</summary>
    public StreamedText Text => new(0, textBytes, nonAsciiBytes);

    public void Observe(ReadOnlySpan<byte> bytes)
    {
        // Where the usage object begins, or goes on.
        var usage = 0;
        // Outside of strings byte by byte: what means something lies so close together that a search which looks at many at once costs more than it saves.
        for (var at = 0; at < bytes.Length;)
        {
            if (inString)
            {
                at += PassString(bytes[at..]);
                continue;
            }
            switch (bytes[at++])
            {
                case (byte)'"':
                    (inString, inName, cutLength) = (true, nameExpected, 0);
                    break;
                case (byte)':':
                    nameExpected = false;
                    break;
                case (byte)',':
                    (nameExpected, isUsage, isText) = ((objects & 1) == 1, false, false);
                    break;
                case (byte)'{':
                    if (isUsage && depth == 1)
                        (keeping, usage) = (true, at - 1);
                    Open(isObject: true);
                    break;
                case (byte)'[':
                    Open(isObject: false);
                    break;
                case (byte)'}' or (byte)']':
                    Close();
                    if (keeping && depth == 1)
                        Read(bytes[usage..at]);
                    break;
            }
        }
        if (keeping)
            Keep(bytes[usage..]);
    }

    // Up to the end of the string, or of one escape in it.
    private int PassString(ReadOnlySpan<byte> bytes)
    {
        if (escaped)
        {
            escaped = false;
            Count(bytes[..1]);
            return 1;
        }
        var stop = bytes.IndexOfAny((byte)'"', (byte)'\\');
        var text = stop < 0 ? bytes : bytes[..stop];
        Count(text);
        if (stop < 0)
        {
            CutName(text);
            return bytes.Length;
        }
        if (bytes[stop] == '\\')
            (escaped, inName) = (true, false);
        else
            EndString(text);
        return stop + 1;
    }

    private void EndString(ReadOnlySpan<byte> text)
    {
        inString = false;
        (isUsage, isText) = (false, false);
        if (!inName)
            return;
        if (cutLength > 0)
            text = CutName(text);
        (inName, cutLength) = (false, 0);
        if (depth == 1)
            isUsage = text.SequenceEqual("usage"u8);
        else
            isText = IsTextName(text);
    }

    /// <returns>The name as far as it has come, or nothing where it is longer than any that matters.</returns>
    private ReadOnlySpan<byte> CutName(ReadOnlySpan<byte> more)
    {
        if (!inName || cutLength + more.Length > LongestName)
        {
            inName = false;
            return default;
        }
        cutName ??= new byte[LongestName];
        more.CopyTo(cutName.AsSpan(cutLength));
        cutLength += more.Length;
        return cutName.AsSpan(0, cutLength);
    }

    // The same as in the chunks of a stream.
    private static bool IsTextName(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("arguments"u8) || name.SequenceEqual("refusal"u8) || name.SequenceEqual("name"u8);

    private void Count(ReadOnlySpan<byte> text)
    {
        if (!isText)
            return;
        textBytes += text.Length;
        nonAsciiBytes += NonAscii.Count(text);
    }

    private void Open(bool isObject)
    {
        (isUsage, isText) = (false, false);
        depth++;
        objects = objects << 1 | (isObject ? 1UL : 0);
        nameExpected = isObject;
    }

    private void Close()
    {
        depth--;
        objects >>= 1;
        isText = false;
    }

    private void Read(ReadOnlySpan<byte> rest)
    {
        keeping = false;
        if (kept is { WrittenCount: > 0 })
        {
            if (!Keep(rest))
                return;
            rest = kept.WrittenSpan;
        }
        Usage = UsageReader.Read(rest) ?? Usage;
        kept?.ResetWrittenCount();
    }

    private bool Keep(ReadOnlySpan<byte> piece)
    {
        kept ??= new ArrayBufferWriter<byte>(256);
        keeping = kept.WrittenCount + piece.Length <= MaxKept;
        if (keeping)
            kept.Write(piece);
        else
            kept.ResetWrittenCount();
        return keeping;
    }
}
