namespace OpenAIProxy.Domain.Access;

/// <summary>What opens the management API for an organiser or an administrator: <c>aopt_</c>, then as an <see cref="AttendeeKey"/>.</summary>
public static class ApiToken
{
    public const string Prefix = "aopt_";

    private static readonly KeyFormat Format = new(Prefix);

    public static string Generate() => Format.Generate();

    public static bool IsWellFormed(ReadOnlySpan<char> text) => Format.IsWellFormed(text);
}
