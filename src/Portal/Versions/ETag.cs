using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Versions;

/// <summary>The version of a thing as HTTP has it, so that two people do not overwrite each other's changes.</summary>
internal static class ETag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static void Set(HttpContext context, long version) => context.Response.Headers.ETag = Of(version);

    /// <returns>The version the client wants to change, or null for whatever is there (<c>*</c>).</returns>
    /// <exception cref="PreconditionRequiredException">It does not say.</exception>
    /// <exception cref="ChangeRefusedException">It is none of ours.</exception>
    public static long? Expected(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString().Trim();
        if (header.Length == 0)
            throw new PreconditionRequiredException();
        if (header == "*")
            return null;
        return long.TryParse(header.Replace("W/", "", StringComparison.Ordinal).Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new ChangeRefusedException("If-Match", "send the ETag as it was given, such as \"3\".");
    }
}
