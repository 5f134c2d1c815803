using System.Security.Cryptography;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>What becomes of an event's shared secret when the event is written down. It is never read back.</summary>
public abstract record SharedSecret
{
    private SharedSecret()
    {
    }

    /// <summary>It stays as it is; a new event has none.</summary>
    public static SharedSecret Unchanged { get; } = new Kept();

    /// <summary>The event has none from now on.</summary>
    public static SharedSecret None { get; } = new Removed();

    /// <param name="text">6 to 128 visible ASCII characters without <c>/</c>, <c>:</c> and <c>@</c>, which end it in <c>EVENT@SECRET/USER</c>.</param>
    public static SharedSecret New(string text) => new Set(text);

    /// <summary>80 random bits: to be guessed only against the running server, and to be typed from a slide.</summary>
    internal static string Generate() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);

    internal sealed record Kept : SharedSecret;

    internal sealed record Removed : SharedSecret;

    internal sealed record Set(string Text) : SharedSecret
    {
        public const int MinLength = 6;
        public const int MaxLength = 128;

        public bool IsValid =>
            Text.Length is >= MinLength and <= MaxLength && Text.All(c => c is > ' ' and < '\x7f' and not ('/' or ':' or '@'));

        // Records print their members; a secret must not end up in a log that way.
        public override string ToString() => "Set(…)";
    }
}
