using System.Numerics;
using System.Runtime.Intrinsics;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>How many bytes of a text are above 0x7F. Prompts can have megabytes, so many are looked at at a time.</summary>
internal static class NonAscii
{
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (; text.Length >= Vector256<byte>.Count; text = text[Vector256<byte>.Count..])
            count += BitOperations.PopCount(Vector256.Create(text).ExtractMostSignificantBits());
        foreach (var b in text)
            count += b >> 7;
        return count;
    }
}
