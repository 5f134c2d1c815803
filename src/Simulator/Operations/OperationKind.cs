namespace OpenAIProxy.Simulator.Operations;

internal enum OperationKind
{
    ChatCompletions,
    Completions,
    Embeddings,
}
