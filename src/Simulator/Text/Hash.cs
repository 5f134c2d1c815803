using System.Runtime.InteropServices;

namespace OpenAIProxy.Simulator.Text;

/// <summary>FNV-1a with a final mix. Ours, because string.GetHashCode differs from process to process.</summary>
internal static class Hash
{
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        unchecked
        {
            var hash = 14695981039346656037UL ^ Mix(seed);
            foreach (var unit in MemoryMarshal.Cast<char, ushort>(text))
                hash = (hash ^ unit) * 1099511628211UL;
            return Mix(hash);
        }
    }

    /// <summary>The finaliser of SplitMix64: every bit of the input moves every bit of the output.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9UL;
            value = (value ^ (value >> 27)) * 0x94d049bb133111ebUL;
            return value ^ (value >> 31);
        }
    }
}
