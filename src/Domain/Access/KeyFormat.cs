using System.Security.Cryptography;

namespace OpenAIProxy.Domain.Access;

/// <summary>
/// How our secrets are written: a prefix, 32 random letters and digits (190 bits) and a checksum of 6. The prefix lets secret
/// scanners and people recognise one; the checksum tells a mistyped one from a wrong one without a look-up.
/// </summary>
internal sealed class KeyFormat(string prefix)
{
    public const int RandomLength = 32;
    public const int ChecksumLength = 6;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public string Generate()
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return prefix + random + Checksum(random);
    }

    public bool HasPrefix(ReadOnlySpan<char> text) => text.StartsWith(prefix, StringComparison.Ordinal);

    public bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length == prefix.Length + RandomLength + ChecksumLength
        && HasPrefix(text)
        && text[^ChecksumLength..].SequenceEqual(Checksum(text.Slice(prefix.Length, RandomLength)));

    // Fletcher's sums over the characters, modulo a prime below 62³ each: every single mistyped character and every
    // swap of neighbours changes it. Nothing here guards against forgery; the random part does.
    private static string Checksum(ReadOnlySpan<char> random)
    {
        const int modulus = 238_321;
        // Of so few characters the sums stay far below 2³¹: the remainders are taken once.
        int sum = 0, sumOfSums = 0;
        foreach (var c in random)
        {
            sum += c;
            sumOfSums += sum;
        }
        return string.Create(ChecksumLength, (sum: sum % modulus, sumOfSums: sumOfSums % modulus), static (text, sums) =>
        {
            Write(text[..3], sums.sum);
            Write(text[3..], sums.sumOfSums);
        });
    }

    private static void Write(Span<char> text, int number)
    {
        for (var i = text.Length - 1; i >= 0; i--, number /= Alphabet.Length)
            text[i] = Alphabet[number % Alphabet.Length];
    }
}
