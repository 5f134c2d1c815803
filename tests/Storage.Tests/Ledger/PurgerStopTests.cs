using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Storage.Purging;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Whatever happens to a purge while the server stops, the server stops.</summary>
public sealed class PurgerStopTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Purge_that_fails_while_the_server_stops_lets_the_rest_stop_too()
    {
        var data = new StorageOptions { DataDirectory = directory["data"] };
        await using var storage = await StorageUnderTest.StartAsync(data);
        using var clock = new BrokenClock();
        var purger = new Purger(data, storage.Database, clock, NullLogger<Purger>.Instance);
        // The purge is in the middle of its work until the stop has been asked for, and fails then.
        using var _ = Stopping(purger).Token.Register(clock.Break);
        purger.Start();
        await clock.Asked;

        Should.NotThrow(purger.Dispose);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "stopping")]
    private static extern ref CancellationTokenSource Stopping(Purger purger);

    private sealed class BrokenClock : TimeProvider, IDisposable
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim broken = new();

        public Task Asked => asked.Task;

        public void Break() => broken.Set();

        public override DateTimeOffset GetUtcNow()
        {
            asked.TrySetResult();
            broken.Wait();
            throw new IOException("The clock is broken.");
        }

        public void Dispose() => broken.Dispose();
    }
}
