using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Catalog;

/// <param name="Name">The name in Azure's catalogue, e.g. <c>gpt-4o</c>.</param>
/// <param name="Answers">The <c>model</c> field of its answers, e.g. <c>gpt-4o-2024-08-06</c>.</param>
/// <param name="ContextTokens">Prompt and completion together.</param>
/// <param name="OutputTokens">The most it writes; 0 for embeddings.</param>
/// <param name="Dimensions">Of its vectors; 0 if it makes none.</param>
internal sealed record Model(string Name, string Answers, ModelKind Kind, int ContextTokens, int OutputTokens, int Dimensions = 0)
{
    /// <summary>Whether it is one of the older models, whose output is bounded by the context alone.</summary>
    public bool OutputIsWholeContext => OutputTokens >= ContextTokens;

    public bool Supports(Operation operation) => operation.Kind switch
    {
        OperationKind.ChatCompletions => Kind is ModelKind.Chat or ModelKind.Reasoning,
        OperationKind.Completions => Kind is ModelKind.Completions,
        _ => Kind is ModelKind.Embeddings,
    };
}
