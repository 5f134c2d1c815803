namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>What callers have been answered so far.</summary>
internal sealed class Answered
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, long> values = [];
    private (int Count, TaskCompletionSource Reached)? awaited;

    public Dictionary<long, long> Now
    {
        get
        {
            lock (gate)
                return new Dictionary<long, long>(values);
        }
    }

    public void Add(long id, long value)
    {
        lock (gate)
        {
            values.Add(id, value);
            if (values.Count >= awaited?.Count)
                awaited.Value.Reached.TrySetResult();
        }
    }

    public Task UntilMoreAsync(int more)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited = (values.Count + more + 1, reached);
            return reached.Task;
        }
    }
}
