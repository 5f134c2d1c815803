using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>When a client goes, nobody but the server knows the moment; so this is tried without a wire.</summary>
public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ManualTime time = new();
    private readonly CancellationTokenSource client = new();

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task What_had_left_when_its_client_went_is_waited_for_a_while_longer()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Leave();

        await client.CancelAsync();

        deadline.Token.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Grace);
        deadline.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_turned_away_when_its_client_has_gone_does_not_leave_once_more()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Leave();
        await client.CancelAsync();

        deadline.Return();

        Should.Throw<OperationCanceledException>(deadline.Leave);
    }

    [Fact]
    public void What_is_turned_away_leaves_once_more_while_its_client_is_there()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Leave();

        deadline.Return();

        Should.NotThrow(deadline.Leave);
    }

    [Fact]
    public async Task What_was_turned_away_before_its_client_went_is_waited_for_no_more()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Leave();
        deadline.Return();

        await client.CancelAsync();

        deadline.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Backend_that_goes_on_answering_is_not_waited_for_longer_once_the_client_has_gone()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Leave();
        await client.CancelAsync();
        time.Advance(Grace / 2);

        deadline.Extend(Patience);

        time.Advance(Grace / 2);
        deadline.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Client_that_is_slow_a_second_time_is_waited_for_as_the_first_time()
    {
        using var deadline = new Deadline(Patience, Grace, time, client.Token);
        deadline.Stop();
        deadline.Extend(Patience);

        deadline.Stop();

        time.Advance(2 * Patience);
        deadline.Token.IsCancellationRequested.ShouldBeFalse();
    }
}
