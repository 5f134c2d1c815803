using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>
/// Finds where a string of JSON ends and whether all in it may stand there, 32 bytes at a time: a bit for each byte says what it is, and what an escape
/// needs behind it is asked of all escapes of a block at once. The text of a prompt has one every forty bytes, and to look at each by itself would
/// be a branch that nobody can foretell.
/// </summary>
internal static class JsonText
{
    private const uint OddBytes = 0xAAAA_AAAA;

    /// <param name="text">From behind the opening quote on.</param>
    /// <param name="isEscaped">Whether there is an escape in it; of no meaning where it has no end.</param>
    /// <returns>How many bytes stand before the closing quote; -1 where there is none, or something that must not be in a string.</returns>
    public static int LengthOf(ReadOnlySpan<byte> text, out bool isEscaped)
    {
        isEscaped = false;
        Span<byte> rest = stackalloc byte[Vector256<byte>.Count];
        // What the block before asks of the first bytes of this one: to be what an escape may be, to be digits of one.
        var (escapedFirst, digitsFirst) = (0u, 0u);
        for (var length = 0; ; length += Vector256<byte>.Count)
        {
            scoped var left = text[length..];
            if (left.Length < Vector256<byte>.Count)
            {
                // What is not there is 0, which no string may hold.
                rest.Clear();
                left.CopyTo(rest);
                left = rest;
            }
            var bytes = Vector256.Create(left);
            var isQuote = Vector256.Equals(bytes, Vector256.Create((byte)'"'));
            var isSlash = Vector256.Equals(bytes, Vector256.Create((byte)'\\'));
            var isControl = Vector256.LessThan(bytes, Vector256.Create((byte)' '));
            var special = (isQuote | isSlash | isControl).ExtractMostSignificantBits();
            if ((special | escapedFirst | digitsFirst) == 0)
                continue;

            var slashes = isSlash.ExtractMostSignificantBits();
            var escaped = Escaped(slashes, ref escapedFirst);
            var ends = special & ~slashes & ~escaped;
            // All bits below the lowest that is set; all there are where none is.
            escaped &= unchecked((ends & (0 - ends)) - 1);
            isEscaped |= escaped != 0;
            if ((escaped | digitsFirst) != 0 && !AreEscapes(bytes, escaped, ref digitsFirst))
                return -1;
            if (ends == 0)
                continue;
            var end = BitOperations.TrailingZeroCount(ends);
            return left[end] == '"' ? length + end : -1;
        }
    }

    /// <summary>
    /// Which bytes are behind a backslash that is not behind one itself. Where some stand in a row it is every second one: a subtraction carries through each row, and
    /// tells by where it comes out (Langdale and Lemire, Parsing Gigabytes of JSON per Second, 2019: https://doi.org/10.1007/s00778-019-00578-5).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Escaped(uint slashes, ref uint escapedFirst)
    {
        var mayEscape = slashes & ~escapedFirst;
        var turns = unchecked(((mayEscape << 1) | OddBytes) - mayEscape) ^ OddBytes;
        var escaped = turns ^ (slashes | escapedFirst);
        escapedFirst = (turns & slashes) >> 31;
        return escaped;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEscapes(Vector256<byte> bytes, uint escaped, ref uint digitsFirst)
    {
        var unicode = escaped & Is(bytes, 'u').ExtractMostSignificantBits();
        var single = Is(bytes, '"') | Is(bytes, '\\') | Is(bytes, 'n') | Is(bytes, 't') | Is(bytes, 'r') | Is(bytes, '/') | Is(bytes, 'b') | Is(bytes, 'f');
        if ((escaped & ~(single.ExtractMostSignificantBits() | unicode)) != 0)
            return false;
        // Four digits, as many of them in the next block as this has no room for. One whose place the end of the string takes is none.
        var digits = digitsFirst | (unicode << 1) | (unicode << 2) | (unicode << 3) | (unicode << 4);
        digitsFirst = (unicode >> 31) | (unicode >> 30) | (unicode >> 29) | (unicode >> 28);
        return digits == 0 || (digits & ~HexDigits(bytes)) == 0;
    }

    private static uint HexDigits(Vector256<byte> bytes)
    {
        var decimals = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        var letters = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)6));
        return (decimals | letters).ExtractMostSignificantBits();
    }

    private static Vector256<byte> Is(Vector256<byte> bytes, char character) => Vector256.Equals(bytes, Vector256.Create((byte)character));
}
