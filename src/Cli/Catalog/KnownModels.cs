namespace OpenAIProxy.Cli.Catalog;

/// <summary>
/// Models that need not be described, in the order in which they are taken for a default: good for chat and cheap first.
/// Windows and maxima from https://learn.microsoft.com/azure/ai-services/openai/concepts/models.
/// </summary>
internal static class KnownModels
{
    public static readonly IReadOnlyList<KnownModel> All =
    [
        Chat("gpt-4o", 128_000, 16_384),
        Chat("gpt-4.1", 1_047_576, 32_768),
        Chat("gpt-4o-mini", 128_000, 16_384),
        Chat("gpt-4.1-mini", 1_047_576, 32_768),
        Chat("gpt-4.1-nano", 1_047_576, 32_768),
        Chat("gpt-5-chat", 128_000, 16_384),
        Chat("gpt-4-turbo", 128_000, 4_096),
        Chat("gpt-4", 8_192, 8_192),
        Chat("gpt-4-32k", 32_768, 32_768),
        Chat("gpt-35-turbo", 16_385, 4_096, "gpt-3.5-turbo"),
        Reasoning("gpt-5", 400_000, 128_000),
        Reasoning("gpt-5-mini", 400_000, 128_000),
        Reasoning("gpt-5-nano", 400_000, 128_000),
        Reasoning("o4-mini", 200_000, 100_000),
        Reasoning("o3", 200_000, 100_000),
        Reasoning("o3-mini", 200_000, 100_000),
        Reasoning("o1", 200_000, 100_000),
        new("gpt-3.5-turbo-instruct", "completion", "completions", 4_097, 4_097, "gpt-35-turbo-instruct"),
        Embedding("text-embedding-3-small"),
        Embedding("text-embedding-3-large"),
        Embedding("text-embedding-ada-002"),
    ];

    public static KnownModel? Find(string name) => All.FirstOrDefault(m => m.IsCalled(name));

    /// <summary>Where a model stands in the order; unknown ones come last.</summary>
    public static int Rank(string name)
    {
        for (var i = 0; i < All.Count; i++)
            if (All[i].IsCalled(name))
                return i;
        return All.Count;
    }

    private static KnownModel Chat(string name, long window, long output, params string[] aliases) =>
        new(name, "chat", "chatCompletions", window, output, aliases);

    private static KnownModel Reasoning(string name, long window, long output) => new(name, "reasoning", "chatCompletions", window, output);

    private static KnownModel Embedding(string name) => new(name, "embedding", "embeddings", 8_192, 0);
}
