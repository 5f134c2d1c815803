namespace OpenAIProxy.Simulator.Faults;

/// <summary>Where held requests wait; a release lets all of them go at once, and no later one. Thread-safe.</summary>
internal sealed class Gate
{
    private readonly Lock gate = new();
    private TaskCompletionSource opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiting;

    /// <param name="standing">Called once the request can be released.</param>
    public async Task WaitAsync(Action standing, CancellationToken cancellation)
    {
        Task opened;
        lock (gate)
        {
            waiting++;
            opened = opening.Task;
        }

        try
        {
            standing();
            await opened.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                if (opened == opening.Task)
                    waiting--;
            }

            throw;
        }
    }

    /// <returns>How many were waiting.</returns>
    public int Release()
    {
        lock (gate)
        {
            opening.TrySetResult();
            opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
            // They are none any more, though it takes them a moment to go on.
            var released = waiting;
            waiting = 0;
            return released;
        }
    }
}
