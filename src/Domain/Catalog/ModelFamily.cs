namespace OpenAIProxy.Domain.Catalog;

/// <summary>What parameters a model takes. The numbers are stored: never change one.</summary>
public enum ModelFamily
{
    /// <summary>Chat models that take <c>max_tokens</c>: gpt-35-turbo, gpt-4, gpt-4o, gpt-4.1.</summary>
    Chat = 0,

    /// <summary>Models that reason before they answer and take <c>max_completion_tokens</c> only: o1, o3, o4, gpt-5.</summary>
    Reasoning = 1,

    /// <summary>The older models that complete a prompt: gpt-35-turbo-instruct.</summary>
    Completion = 2,

    /// <summary>Models that turn text into vectors; they have no output tokens.</summary>
    Embedding = 3,
}
