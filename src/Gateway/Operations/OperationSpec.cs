using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>Everything the gateway has to know of one operation of Azure OpenAI.</summary>
/// <param name="Path">Behind a surface's prefix, and behind the deployment on Azure.</param>
internal sealed record OperationSpec(Operation Operation, string Path)
{
    /// <summary>Other paths that clients use for it.</summary>
    public IReadOnlyList<string> OtherPaths { get; init; } = [];

    /// <summary>Whether the body may ask for a stream of events.</summary>
    public bool CanStream { get; init; }

    /// <summary>Whether the body can limit the tokens put out, and so has to.</summary>
    public bool HasOutput { get; init; }

    /// <summary>The field that the model reads: <see cref="Field.Messages"/>, <see cref="Field.Prompt"/> or <see cref="Field.Input"/>.</summary>
    public required Field Input { get; init; }

    /// <summary>Whether a body may hold many prompts, each of which is answered.</summary>
    public bool HasPrompts { get; init; }

    /// <summary>What a backend puts out at most, in tokens, for a body that sets no limit; null is the model's maximum.</summary>
    public long? DefaultOutput { get; init; }

    /// <summary>The first of Azure's api-versions that has it; null is all that there are.</summary>
    public string? Since { get; init; }

    public static readonly OperationSpec ChatCompletions = new(Operation.ChatCompletions, "chat/completions")
    {
        Input = Field.Messages,
        // https://learn.microsoft.com/azure/ai-services/openai/whats-new, March 2023
        Since = "2023-03-15-preview",
        CanStream = true,
        HasOutput = true,
    };

    public static readonly OperationSpec Completions = new(Operation.Completions, "completions")
    {
        Input = Field.Prompt,
        CanStream = true,
        HasOutput = true,
        HasPrompts = true,
        // Documented default of max_tokens in the completions API.
        DefaultOutput = 16,
    };

    public static readonly OperationSpec Embeddings = new(Operation.Embeddings, "embeddings")
    {
        Input = Field.Input,
        // The first server of this API had the misspelling, and clients of its time call it.
        OtherPaths = ["ebeddings"],
    };

    public static readonly IReadOnlyList<OperationSpec> All = [ChatCompletions, Completions, Embeddings];

    public static OperationSpec Of(Operation operation) => All.First(s => s.Operation == operation);

    public IEnumerable<string> Paths => OtherPaths.Prepend(Path);
}
