using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Server.Demo;

/// <summary>The models of the demo, with their windows and maxima from https://learn.microsoft.com/azure/ai-services/openai/concepts/models.</summary>
internal static class DemoModels
{
    public static readonly IReadOnlyList<Model> All =
    [
        Chat("gpt-4o", 128_000, 16_384),
        Chat("gpt-4o-mini", 128_000, 16_384),
        Chat("gpt-4", 8_192, 8_192),
        Chat("gpt-4-32k", 32_768, 32_768),
        Chat("gpt-35-turbo", 16_385, 4_096) with { Aliases = ["gpt-3.5-turbo"] },
        new Model
        {
            Name = "gpt-3.5-turbo-instruct",
            Aliases = ["gpt-35-turbo-instruct"],
            Family = ModelFamily.Completion,
            Operations = [Operation.Completions],
            ContextWindow = 4_097,
            MaxOutput = 4_097,
        },
        new Model
        {
            Name = "text-embedding-3-small",
            Family = ModelFamily.Embedding,
            Operations = [Operation.Embeddings],
            ContextWindow = 8_191,
            MaxOutput = 0,
        },
    ];

    private static Model Chat(string name, long contextWindow, long maxOutput) => new()
    {
        Name = name,
        Family = ModelFamily.Chat,
        Operations = [Operation.ChatCompletions],
        ContextWindow = contextWindow,
        MaxOutput = maxOutput,
    };
}
