namespace OpenAIProxy.Simulator.Operations;

/// <summary>An operation and its three names.</summary>
/// <param name="Path">After the deployment, e.g. <c>chat/completions</c>.</param>
/// <param name="LimitName">In the text of a 429.</param>
/// <param name="ModelName">In the text of OperationNotSupported.</param>
internal sealed record Operation(OperationKind Kind, string Path, string LimitName, string ModelName)
{
    public static readonly Operation ChatCompletions = new(OperationKind.ChatCompletions, "chat/completions", "ChatCompletions_Create", "chatCompletion");
    public static readonly Operation ExtensionsChat = new(OperationKind.ChatCompletions, "extensions/chat/completions", "ExtensionsChatCompletions_Create", "chatCompletion");
    public static readonly Operation Completions = new(OperationKind.Completions, "completions", "Completions_Create", "completion");
    public static readonly Operation Embeddings = new(OperationKind.Embeddings, "embeddings", "Embeddings_Create", "embeddings");

    public static readonly Operation[] All = [ChatCompletions, ExtensionsChat, Completions, Embeddings];

    public bool IsExtension => this == ExtensionsChat;

    public static Operation? Find(ReadOnlySpan<char> path)
    {
        foreach (var operation in All)
        {
            if (path.SequenceEqual(operation.Path))
                return operation;
        }

        return null;
    }
}
