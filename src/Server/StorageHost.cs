using OpenAIProxy.Storage;

namespace OpenAIProxy.Server;

/// <summary>Opens storage before anything else starts, and closes it after everything else has stopped.</summary>
internal sealed class StorageHost(StorageStartup storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => storage.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken)
    {
        storage.Dispose();
        return Task.CompletedTask;
    }
}
