using System.Text.RegularExpressions;

namespace OpenAIProxy.Domain.Catalog;

/// <summary>What names say of models whose facts are known.</summary>
internal static partial class ModelName
{
    /// <summary>The name without the date of a version at its end: <c>gpt-4o</c> of <c>gpt-4o-2024-08-06</c>.</summary>
    public static string Undated(string name) => Version().Replace(name, "");

    [GeneratedRegex(@"-\d{4}-\d{2}-\d{2}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Version();
}
