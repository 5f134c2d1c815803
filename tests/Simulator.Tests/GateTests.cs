using OpenAIProxy.Simulator.Faults;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>How many a release says it has let go.</summary>
public sealed class GateTests
{
    private readonly Gate gate = new();

    [Fact]
    public async Task Who_has_been_let_go_is_not_counted_again_before_it_has_moved()
    {
        var released = new List<int>();

        await gate.WaitAsync(() => released.AddRange([gate.Release(), gate.Release()]), CancellationToken.None);

        released.ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Who_has_gone_is_not_counted()
    {
        using var leaving = new CancellationTokenSource();
        var waiting = gate.WaitAsync(() => { }, leaving.Token);

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        gate.Release().ShouldBe(0);
    }
}
