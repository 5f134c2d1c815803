namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>An official client with a few lines of program around it.</summary>
internal interface IClientProgram : IAsyncDisposable
{
    Task<Seen> DoAsync(Order order);
}
