namespace OpenAIProxy.Simulator.Catalog;

/// <summary>Context windows and output limits as in Azure's model table.</summary>
internal static class KnownModels
{
    public static readonly Model[] All =
    [
        new("gpt-4o", "gpt-4o-2024-08-06", ModelKind.Chat, 128_000, 16_384),
        new("gpt-4o-mini", "gpt-4o-mini-2024-07-18", ModelKind.Chat, 128_000, 16_384),
        new("gpt-4", "gpt-4", ModelKind.Chat, 8_192, 8_192),
        new("gpt-4-32k", "gpt-4-32k", ModelKind.Chat, 32_768, 32_768),
        new("gpt-35-turbo", "gpt-35-turbo", ModelKind.Chat, 16_385, 4_096),
        new("gpt-35-turbo-16k", "gpt-35-turbo-16k", ModelKind.Chat, 16_384, 16_384),
        new("gpt-4-turbo", "gpt-4-turbo-2024-04-09", ModelKind.Chat, 128_000, 4_096),
        new("gpt-4.1", "gpt-4.1-2025-04-14", ModelKind.Chat, 1_047_576, 32_768),
        new("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", ModelKind.Chat, 1_047_576, 32_768),
        new("gpt-4.1-nano", "gpt-4.1-nano-2025-04-14", ModelKind.Chat, 1_047_576, 32_768),
        new("o1", "o1-2024-12-17", ModelKind.Reasoning, 200_000, 100_000),
        new("o3-mini", "o3-mini-2025-01-31", ModelKind.Reasoning, 200_000, 100_000),
        new("o4-mini", "o4-mini-2025-04-16", ModelKind.Reasoning, 200_000, 100_000),
        new("gpt-5", "gpt-5-2025-08-07", ModelKind.Reasoning, 400_000, 128_000),
        new("gpt-5-mini", "gpt-5-mini-2025-08-07", ModelKind.Reasoning, 400_000, 128_000),
        new("gpt-3.5-turbo-instruct", "gpt-35-turbo-instruct", ModelKind.Completions, 4_097, 4_097),
        new("gpt-35-turbo-instruct", "gpt-35-turbo-instruct", ModelKind.Completions, 4_097, 4_097),
        new("text-embedding-3-small", "text-embedding-3-small", ModelKind.Embeddings, 8_192, 0, 1_536),
        new("text-embedding-3-large", "text-embedding-3-large", ModelKind.Embeddings, 8_192, 0, 3_072),
        new("text-embedding-ada-002", "text-embedding-ada-002", ModelKind.Embeddings, 8_192, 0, 1_536),
    ];

    public static Model? Find(string name) => Array.Find(All, model => model.Name == name);
}
