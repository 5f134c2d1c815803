using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Accounting;

/// <summary>How much text has come in a stream: what is charged where the stream broke off before its usage came.</summary>
/// <param name="Chunks">Those that had text in them.</param>
/// <param name="Bytes">Of UTF-8.</param>
/// <param name="NonAsciiBytes">Those of <paramref name="Bytes"/> above 0x7F.</param>
internal readonly record struct StreamedText(long Chunks, long Bytes, long NonAsciiBytes)
{
    /// <summary>A chunk is one token as a rule; where Azure puts several into one, their text says how many.</summary>
    public long Tokens => Math.Max(Chunks, InputEstimate.OfText(Bytes, NonAsciiBytes));

    public StreamedText Add(int bytes, int nonAsciiBytes) =>
        bytes == 0 ? this : new(Chunks + 1, Bytes + bytes, NonAsciiBytes + nonAsciiBytes);
}
