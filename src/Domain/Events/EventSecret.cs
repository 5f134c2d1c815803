using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Domain.Events;

/// <summary>
/// An event's own random key. What people choose themselves (user ids, shared secrets) is too easy to guess for a plain
/// hash, so it is hashed with this key, which the database holds encrypted only.
/// </summary>
public sealed class EventSecret
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    private readonly byte[] key;

    /// <param name="key">32 bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public EventSecret(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length)
            throw new ArgumentException($"An event's secret has {Length} bytes, not {key.Length}.", nameof(key));
        this.key = key.ToArray();
    }

    public static EventSecret Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The key itself, to be encrypted and stored.</summary>
    public byte[] Export() => [.. key];

    /// <summary>The hash under which an attendee of an event that hides user ids is stored: 43 characters, base64url.</summary>
    public string HashUserId(string userId) => Convert.ToBase64String(Hash("user:", userId)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The hash by which the event's shared secret is recognised: 32 bytes.</summary>
    public byte[] HashSharedSecret(string sharedSecret) => Hash("shared:", sharedSecret);

    // The prefix keeps the two uses apart: a user id can never pass for a shared secret.
    private byte[] Hash(string use, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(use + text));
}
