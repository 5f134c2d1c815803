using System.Collections.Frozen;

namespace OpenAIProxy.Simulator.Catalog;

/// <summary>A version of Azure's API; they compare by date, and <see cref="Newest"/> stands for <c>/openai/v1</c>.</summary>
internal readonly record struct ApiVersion(string Text)
{
    public static readonly ApiVersion Newest = new("v1");

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "2022-12-01", "2023-03-15-preview", "2023-05-15", "2023-06-01-preview", "2023-07-01-preview", "2023-08-01-preview",
        "2023-09-01-preview", "2023-10-01-preview", "2023-12-01-preview", "2024-02-01", "2024-02-15-preview", "2024-03-01-preview",
        "2024-04-01-preview", "2024-05-01-preview", "2024-06-01", "2024-07-01-preview", "2024-08-01-preview", "2024-09-01-preview",
        "2024-10-01-preview", "2024-10-21", "2024-12-01-preview", "2025-01-01-preview", "2025-02-01-preview", "2025-03-01-preview",
        "2025-04-01-preview",
    ]);

    public bool IsKnown => Known.Contains(Text);

    /// <summary>The shapes of 2023: <c>prompt_annotations</c>, and <c>"usage":null</c> in every chunk.</summary>
    public bool IsOfOldShape => !IsSince("2024-01-01");

    // "v1", "preview" and "latest" are ordinally above any date.
    public bool IsSince(string date) => string.CompareOrdinal(Text, date) >= 0;
}
