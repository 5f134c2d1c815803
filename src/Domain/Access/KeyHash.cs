using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Domain.Access;

/// <summary>SHA-256 of a key: all that is ever stored of it. A key has 190 random bits, so no slower hash is needed.</summary>
public readonly record struct KeyHash
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    // Characters.
    private const int MostOnStack = 64;

    // To make one costs as much as to hash a key.
    [ThreadStatic]
    private static IncrementalHash? hasher;

    private readonly ulong first, second, third, fourth;

    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException">There are not 32 of them.</exception>
    public KeyHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A key's hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3]);
    }

    public static KeyHash Of(string key)
    {
        // Tokens are hashed as well, and are longer than keys.
        Span<byte> bytes = key.Length <= MostOnStack ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(MostOnStack)] : new byte[Encoding.UTF8.GetByteCount(key)];
        bytes = bytes[..Encoding.UTF8.GetBytes(key, bytes)];
        Span<byte> hash = stackalloc byte[Length];
        var sha256 = hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(bytes);
        sha256.GetHashAndReset(hash);
        return new KeyHash(hash);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[Length];
        ReadOnlySpan<ulong> words = [first, second, third, fourth];
        words.CopyTo(MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()));
        return bytes;
    }

    // The hash is random already.
    public override int GetHashCode() => unchecked((int)first);
}
