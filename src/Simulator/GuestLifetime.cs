namespace OpenAIProxy.Simulator;

/// <summary>
/// Leaves the signals of the process alone: they belong to the host, which may be a server or a test runner. Stand-alone, the command
/// line listens to them.
/// </summary>
internal sealed class GuestLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
