using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql.Access;

namespace OpenAIProxy.Storage.Tests;

internal static class KeyTexts
{
    /// <summary>A new key's text alone.</summary>
    public static async Task<string> IssueAsync(this KeyTable keys, EventCode code, string user, DateTimeOffset? expires = null) =>
        (await keys.IssueOneAsync(code, user, expires)).Key;
}
