using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OpenAIProxy.Bench.Load;

/// <summary>Clients of one server, connected.</summary>
internal sealed class Fleet : IDisposable
{
    // Whoever has not answered by then has failed; a slow stream takes 11 s.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    // Kestrel accepts 512 that it has not seen yet.
    private const int MostAtOnce = 128;

    // As many addresses as an event's room may have.
    private const int Addresses = 200;

    private readonly Connection[] connections;
    private volatile bool isStopped;

    private Fleet(Connection[] connections) => this.connections = connections;

    public static async Task<Fleet> OpenAsync(IPEndPoint server, int count)
    {
        var fleet = new Fleet([.. Enumerable.Range(0, count).Select(i => new Connection(server, AddressOf(i)))]);
        try
        {
            foreach (var some in fleet.connections.Chunk(MostAtOnce))
                await Task.WhenAll(some.Select(connection => connection.OpenAsync().AsTask()));
            return fleet;
        }
        catch (SocketException e)
        {
            fleet.Dispose();
            throw new BenchException($"{server} does not take {count} connections: {e.Message}.");
        }
    }

    /// <summary>Each client asks again as soon as it has its answer.</summary>
    public Task<Tally> SaturateAsync(Requests requests, Expectation expectation, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return RunAsync(expectation, duration, async (connection, tally) =>
        {
            for (var now = Stopwatch.GetTimestamp(); now < end && !isStopped; now = Stopwatch.GetTimestamp())
                tally.Add(await connection.AskAsync(requests.Next), now);
        });
    }

    /// <summary>
    /// So many requests a second, whatever the server does. Times count from when a request was to be sent: one that had to wait for
    /// a client because all of them were waiting for the server has waited for the server.
    /// </summary>
    public async Task<Tally> PaceAsync(Requests requests, Expectation expectation, double perSecond, TimeSpan duration)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { AllowSynchronousContinuations = true, SingleWriter = true });
        var tally = RunAsync(expectation, duration, async (connection, tally) =>
        {
            await foreach (var intended in due.Reader.ReadAllAsync())
                tally.Add(await connection.AskAsync(requests.Next), intended);
        });
        await Task.Factory.StartNew(
            () =>
            {
                var (start, step) = (Stopwatch.GetTimestamp(), Stopwatch.Frequency / perSecond);
                for (var i = 0; i < perSecond * duration.TotalSeconds && !isStopped; i++)
                {
                    var intended = start + (long)(i * step);
                    PreciseClock.WaitUntil(intended);
                    due.Writer.TryWrite(intended);
                }
                due.Writer.Complete();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return await tally;
    }

    /// <summary>Each client asks once, all of them within a moment.</summary>
    public Task<Tally> OnceAsync(Requests requests, Expectation expectation) => RunAsync(expectation, TimeSpan.Zero, async (connection, tally) =>
    {
        var now = Stopwatch.GetTimestamp();
        tally.Add(await connection.AskAsync(requests.Next), now);
    });

    /// <summary>Also ends a load that is on its way; what it waits for counts as wrong.</summary>
    public void Dispose()
    {
        isStopped = true;
        foreach (var connection in connections)
            connection.Dispose();
    }

    private async Task<Tally> RunAsync(Expectation expectation, TimeSpan duration, Func<Connection, Tally, Task> client)
    {
        var tally = new Tally(expectation);
        var all = Task.WhenAll(connections.Select(connection => client(connection, tally)));
        // Closing a connection ends what waits for it, as a wrong answer. No time on each receive: that would cost more than the receive.
        using var watch = TimeProvider.System.CreateTimer(_ => Dispose(), null, duration + LongestAnswer, Timeout.InfiniteTimeSpan);
        await all;
        return tally.Ended();
    }

    // 127.0.1.1 and on: all of 127/8 is this machine.
    private static IPAddress AddressOf(int client) => new([127, 0, 1, (byte)(1 + client % Addresses)]);
}
