using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Storage.Secrets;

/// <summary>Encrypts the key ring: AES-256-GCM with a key that HKDF-SHA256 makes of the operator's text and a fresh salt.</summary>
/// <remarks>The text is taken to be random, so no slow derivation is needed. Result: salt (16 bytes), nonce (12), tag (16), cipher text.</remarks>
internal sealed class MasterKey
{
    public const int MinLength = 32;

    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private readonly byte[] text;

    /// <exception cref="WrongOptionException">The text is too short.</exception>
    public MasterKey(string text)
    {
        if (text.Length < MinLength)
            throw new WrongOptionException(
                $"OPENAIPROXY_MASTER_KEY has {text.Length} characters and needs at least {MinLength}: make one with 'openssl rand -base64 32'.");
        this.text = Encoding.UTF8.GetBytes(text);
    }

    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var result = new byte[SaltLength + NonceLength + TagLength + plain.Length];
        var (salt, nonce, tag, cipher) = Parts.Of(result);
        RandomNumberGenerator.Fill(salt);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(salt);
        aes.Encrypt(nonce, plain, cipher, tag);
        return result;
    }

    /// <exception cref="CryptographicException">It was encrypted with another master key, or was changed.</exception>
    public byte[] Decrypt(byte[] secret)
    {
        if (secret.Length < SaltLength + NonceLength + TagLength)
            throw new CryptographicException("The key ring's file is cut off.");
        var (salt, nonce, tag, cipher) = Parts.Of(secret);
        var plain = new byte[cipher.Length];
        using var aes = Cipher(salt);
        aes.Decrypt(nonce, cipher, tag, plain);
        return plain;
    }

    private AesGcm Cipher(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, text, key, salt, "OpenAIProxy key ring"u8);
        return new AesGcm(key, TagLength);
    }

    private readonly ref struct Parts(Span<byte> whole)
    {
        private readonly Span<byte> whole = whole;

        public static Parts Of(Span<byte> whole) => new(whole);

        public void Deconstruct(out Span<byte> salt, out Span<byte> nonce, out Span<byte> tag, out Span<byte> cipher)
        {
            salt = whole[..SaltLength];
            nonce = whole.Slice(SaltLength, NonceLength);
            tag = whole.Slice(SaltLength + NonceLength, TagLength);
            cipher = whole[(SaltLength + NonceLength + TagLength)..];
        }
    }
}
