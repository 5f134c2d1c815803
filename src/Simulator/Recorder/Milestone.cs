namespace OpenAIProxy.Simulator.Recorder;

/// <summary>A count that one can wait for. Thread-safe.</summary>
internal sealed class Milestone
{
    private readonly Lock gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> waiting = [];
    private long count;

    public long Count => Volatile.Read(ref count);

    public void Pass()
    {
        lock (gate)
        {
            count++;
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (waiting[i].Count > count)
                    continue;
                waiting[i].Reached.TrySetResult();
                waiting.RemoveAt(i);
            }
        }
    }

    public Task ReachAsync(long wanted)
    {
        lock (gate)
        {
            if (count >= wanted)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((wanted, reached));
            return reached.Task;
        }
    }
}
