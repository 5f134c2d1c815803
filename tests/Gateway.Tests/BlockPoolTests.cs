using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>The memory that a server's listeners read into.</summary>
public sealed class BlockPoolTests : IAsyncLifetime
{
    private const int MostKept = 512;

    private readonly GatewayUnderTest gateway = new();

    private IMemoryPoolFactory<byte> Factory => gateway.Services.GetRequiredService<IMemoryPoolFactory<byte>>();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public void What_is_kept_is_bounded_once_for_all_listeners_and_queues_of_a_server()
    {
        var pools = Enumerable.Range(0, 4).Select(_ => Factory.Create()).ToArray();
        var burst = pools.SelectMany(pool => Rented(pool, MostKept)).ToArray();
        foreach (var block in burst)
            block.Dispose();

        var next = pools.SelectMany(pool => Rented(pool, MostKept));

        // The server itself may have some of them.
        next.Intersect(burst).Count().ShouldBeInRange(MostKept / 2, MostKept);
    }

    [Fact]
    public async Task A_listener_that_closes_takes_no_block_from_another()
    {
        var (closing, other) = (Factory.Create(), Factory.Create());
        using var inUse = other.Rent();
        inUse.Memory.Span[0] = 42;

        closing.Dispose();

        inUse.Memory.Span[0].ShouldBe((byte)42);
        using var next = other.Rent();
        next.Memory.Length.ShouldBe(other.MaxBufferSize);
        next.ShouldNotBe(inUse);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello + new string(' ', 200_000))).Status.ShouldBe(200);
    }

    private static IMemoryOwner<byte>[] Rented(MemoryPool<byte> pool, int count) => [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];
}
