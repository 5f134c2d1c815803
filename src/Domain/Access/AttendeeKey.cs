namespace OpenAIProxy.Domain.Access;

/// <summary>An attendee's secret: <c>aop_</c>, 32 random letters and digits (190 bits) and a checksum of 6.</summary>
public static class AttendeeKey
{
    public const string Prefix = "aop_";

    /// <summary>The whole length of a key, in characters.</summary>
    public const int Length = 4 + KeyFormat.RandomLength + KeyFormat.ChecksumLength;

    private static readonly KeyFormat Format = new(Prefix);

    public static string Generate() => Format.Generate();

    /// <summary>Whether the text claims to be a key of ours; <see cref="IsWellFormed"/> says whether it can be one.</summary>
    public static bool HasPrefix(ReadOnlySpan<char> text) => Format.HasPrefix(text);

    public static bool IsWellFormed(ReadOnlySpan<char> text) => Format.IsWellFormed(text);
}
