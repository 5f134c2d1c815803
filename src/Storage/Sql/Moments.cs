using System.Globalization;
using OpenAIProxy.Storage.Sql.Access;

namespace OpenAIProxy.Storage.Sql;

/// <summary>Times as columns have them: milliseconds since 1970.</summary>
internal static class Moments
{
    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Of(long? milliseconds) => milliseconds is { } m ? Of(m) : null;

    /// <summary>RFC 3339 in UTC.</summary>
    public static string? Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    public static KeyState StateOf(long? expiresAt, long? revokedAt, DateTimeOffset now)
    {
        if (revokedAt is not null)
            return KeyState.Revoked;
        return expiresAt <= now.ToUnixTimeMilliseconds() ? KeyState.Expired : KeyState.Active;
    }
}
