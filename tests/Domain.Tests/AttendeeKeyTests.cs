using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Domain.Tests;

public sealed class AttendeeKeyTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void Generated_keys_are_well_formed_and_differ()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => AttendeeKey.Generate()).ToList();

        keys.Distinct().Count().ShouldBe(1_000);
        keys.ShouldAllBe(k => k.Length == AttendeeKey.Length && k.StartsWith("aop_", StringComparison.Ordinal));
        keys.ShouldAllBe(k => AttendeeKey.IsWellFormed(k) && AttendeeKey.HasPrefix(k));
        keys.ShouldAllBe(k => k.Skip(AttendeeKey.Prefix.Length).All(char.IsAsciiLetterOrDigit));
    }

    [Theory]
    [InlineData("7Hq2ZkXw9LmB4vTnC1sRdYf0GjPbQa8E0hABVq")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz10yGky")]
    public void Keys_and_tokens_that_were_handed_out_stay_well_formed(string afterPrefix)
    {
        // The checksum was worked out apart from the code: another one would shut out everybody who has a key already.
        AttendeeKey.IsWellFormed("aop_" + afterPrefix).ShouldBeTrue();
        ApiToken.IsWellFormed("aopt_" + afterPrefix).ShouldBeTrue();
    }

    [Fact]
    public void Checksum_catches_every_single_mistyped_character()
    {
        foreach (var key in Keys(20))
            for (var i = 0; i < key.Length; i++)
                foreach (var c in Alphabet + "_-.é")
                    if (c != key[i])
                        AttendeeKey.IsWellFormed(With(key, i, c)).ShouldBeFalse($"{i} {c}");
    }

    [Fact]
    public void Checksum_catches_every_swap_of_two_characters_of_the_random_part()
    {
        foreach (var key in Keys(20))
            for (var i = 4; i < 36; i++)
                for (var j = i + 1; j < 36; j++)
                    if (key[i] != key[j])
                        AttendeeKey.IsWellFormed(With(With(key, i, key[j]), j, key[i])).ShouldBeFalse($"{i} {j}");
    }

    [Fact]
    public void Checksum_catches_every_swap_of_neighbours()
    {
        foreach (var key in Keys(200))
            for (var i = 0; i + 1 < key.Length; i++)
                if (key[i] != key[i + 1])
                    AttendeeKey.IsWellFormed(With(With(key, i, key[i + 1]), i + 1, key[i])).ShouldBeFalse($"{i}");
    }

    [Fact]
    public void Cut_and_lengthened_keys_are_caught()
    {
        var key = AttendeeKey.Generate();

        for (var length = 0; length < key.Length; length++)
            AttendeeKey.IsWellFormed(key.AsSpan(0, length)).ShouldBeFalse();
        AttendeeKey.IsWellFormed(key + "0").ShouldBeFalse();
    }

    [Fact]
    public void Hash_is_the_same_for_the_same_key_and_survives_being_stored()
    {
        var key = AttendeeKey.Generate();

        new KeyHash(KeyHash.Of(key).ToByteArray()).ShouldBe(KeyHash.Of(key));
        KeyHash.Of(key).ShouldNotBe(KeyHash.Of(AttendeeKey.Generate()));
        Should.Throw<ArgumentException>(() => new KeyHash(new byte[31]));
    }

    [Fact]
    public void What_is_stored_of_a_key_is_its_SHA256_whatever_the_release() =>
        KeyHash.Of("aop_é").ToByteArray().ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes("aop_é")));

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(_ => AttendeeKey.Generate());

    private static string With(string text, int index, char c) => string.Concat(text.AsSpan(0, index), [c], text.AsSpan(index + 1));
}
