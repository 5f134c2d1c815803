using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>The api-versions that clients may name, checked as Azure does it.</summary>
internal static class ApiVersions
{
    // https://learn.microsoft.com/azure/ai-services/openai/api-version-deprecation. Null: retired by Azure, so that the
    // backend's own one is used; clients of that time go on working.
    private static readonly FrozenDictionary<string, string?> Known = Keep(
            "2022-12-01", "2023-05-15", "2024-02-01", "2024-06-01", "2024-10-21",
            "2024-02-15-preview", "2024-03-01-preview", "2024-04-01-preview", "2024-05-01-preview", "2024-07-01-preview", "2024-08-01-preview",
            "2024-09-01-preview", "2024-10-01-preview", "2024-12-01-preview", "2025-01-01-preview", "2025-02-01-preview", "2025-03-01-preview",
            "2025-04-01-preview")
        .Concat(Replace(
            "2023-03-15-preview", "2023-06-01-preview", "2023-07-01-preview", "2023-08-01-preview", "2023-09-01-preview", "2023-10-01-preview",
            "2023-12-01-preview"))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string?>.AlternateLookup<ReadOnlySpan<char>> KnownByText = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="since">The first version that has what is asked for; null is all.</param>
    /// <param name="version">What to ask the backend for; null is what the backend is set to.</param>
    /// <returns>What is wrong with the api-version the client names, or null.</returns>
    public static Refusal? Check(PathForm form, HttpRequest request, string? since, out string? version)
    {
        version = null;
        if (!form.IsDated)
            return null;
        var named = NamedIn(request.QueryString).Span;
        if (named.IsEmpty)
            return Refuse.ApiVersionMissing();
        if (!KnownByText.TryGetValue(named, out version))
            return Refuse.ApiVersionUnknown();
        // They begin with a date.
        return since is not null && named.CompareTo(since, StringComparison.OrdinalIgnoreCase) < 0 ? Refuse.ApiVersionTooOld(since) : null;
    }

    // Of the query's text: a collection of its parts would be made for each request.
    private static ReadOnlyMemory<char> NamedIn(QueryString query)
    {
        ReadOnlyMemory<char>? named = null;
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            if (!parameter.DecodeName().Span.Equals("api-version", StringComparison.OrdinalIgnoreCase))
                continue;
            // Which of two is meant, nobody knows.
            if (named is not null)
                return default;
            named = parameter.DecodeValue();
        }
        return named ?? default;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Keep(params string[] versions) => versions.Select(v => KeyValuePair.Create(v, (string?)v));

    private static IEnumerable<KeyValuePair<string, string?>> Replace(params string[] versions) => versions.Select(v => KeyValuePair.Create(v, (string?)null));
}
