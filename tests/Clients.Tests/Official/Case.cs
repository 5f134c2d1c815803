namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>What is tried with every client, in the order of the table's columns.</summary>
public enum Case
{
    Chat,
    Stream,
    Tools,
    Completions,
    Embeddings,
    WrongKey,
    EventOver,
    LimitReached,
    LimitForNow,
    LimitStays,
    Busy,
    BrokenStream,
    Cancellation,
}
