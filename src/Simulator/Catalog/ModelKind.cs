namespace OpenAIProxy.Simulator.Catalog;

internal enum ModelKind
{
    Chat,

    /// <summary>The o-series and gpt-5: chat with hidden reasoning, and fewer parameters.</summary>
    Reasoning,

    Completions,
    Embeddings,
}
