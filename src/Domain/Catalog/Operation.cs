namespace OpenAIProxy.Domain.Catalog;

/// <summary>One call of the API that models have. The numbers are stored: never change one.</summary>
public enum Operation
{
    ChatCompletions = 0,
    Completions = 1,
    Embeddings = 2,
}
