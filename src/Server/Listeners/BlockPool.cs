using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.Server.Listeners;

/// <summary>
/// The memory that Kestrel reads requests into and writes answers from, in blocks of 16 KB instead of its own 4: it reads as much at a time as
/// a block has, and wakes whoever reads the body for each, nine times for a prompt of 32 KB. A block is held only while there is something
/// in it, so connections that wait cost no more. Thread-safe.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 16 * 1024;

    // 8 MB in all, as there is one pool; what a burst needed beyond that is left to the collector.
    private const int MostKept = 512;

    private readonly ConcurrentQueue<Block> free = new();

    public override int MaxBufferSize => BlockSize;

    /// <exception cref="ArgumentOutOfRangeException">More is asked for than a block has.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return free.TryDequeue(out var block) ? block : new Block(this);
    }

    // By each listener and queue that closes, while others go on with it: who rents after that gets new ones.
    protected override void Dispose(bool disposing) => free.Clear();

    private void Return(Block block)
    {
        if (free.Count < MostKept)
            free.Enqueue(block);
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        // Pinned, as the system writes into it.
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool.Return(this);
    }

    /// <summary>Gives all listeners of a server the same one: Kestrel asks for one for each of them and each of its queues, of which a large machine has many.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>, IDisposable
    {
        private readonly BlockPool shared = new();

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => shared;

        public void Dispose() => shared.Dispose();
    }
}
