namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>A client of .NET, in this process.</summary>
internal abstract class DotNetProgram : IClientProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Seen> DoAsync(Order order)
    {
        var seen = new Seen();
        try
        {
            await DoAsync(order, seen).WaitAsync(Patience);
        }
        catch (Exception e)
        {
            // Which of its subclasses it is depends on where the program was at that moment.
            seen.Error = e is OperationCanceledException ? nameof(OperationCanceledException) : e.GetType().Name;
            seen.Status = StatusOf(e);
            seen.Code = CodeOf(e);
            seen.Message = e.Message;
        }
        return seen;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task DoAsync(Order order, Seen seen);

    protected abstract int? StatusOf(Exception error);

    protected virtual string? CodeOf(Exception error) => null;
}
