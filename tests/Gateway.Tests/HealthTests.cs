using System.Net;

namespace OpenAIProxy.Gateway.Tests;

public sealed class HealthTests : IAsyncLifetime
{
    private const string Ready = "/healthz/ready";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public HealthTests() => gateway = new GatewayUnderTest { Time = time, Settings = DatabaseLock.Allow };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Storage_is_looked_at_once_a_second_at_most_however_many_ask()
    {
        using (new DatabaseLock(gateway.DataDirectory))
        {
            (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => StatusAsync()))).ShouldAllBe(s => s == 503);
            for (var i = 0; i < 5; i++)
                (await StatusAsync()).ShouldBe(503);

            gateway.Log.Lines.Count(l => l.Contains("Storage is not ready", StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("/healthz/live", 200)]
    [InlineData(Ready, 503)]
    public async Task Monitors_may_ask_for_the_status_alone(string path, int status)
    {
        using var held = new DatabaseLock(gateway.DataDirectory);

        foreach (var listener in new[] { gateway.Client, gateway.Admin })
        {
            using var answer = await listener.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            ((int)answer.StatusCode).ShouldBe(status);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_was_seen_is_said_for_a_second_and_then_looked_at_again()
    {
        (await StatusAsync()).ShouldBe(200);
        using (new DatabaseLock(gateway.DataDirectory))
        {
            (await StatusAsync()).ShouldBe(200);
            time.Advance(TimeSpan.FromSeconds(1));
            (await StatusAsync()).ShouldBe(503);
        }

        (await StatusAsync()).ShouldBe(503);
        time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task Long_change_is_no_trouble_of_storage()
    {
        var (begun, enough) = (new TaskCompletionSource(), new TaskCompletionSource());
        var change = gateway.ChangeAsync(_ =>
        {
            begun.SetResult();
            return enough.Task;
        });
        await begun.Task;

        var status = await StatusAsync();
        enough.SetResult();
        await change;

        status.ShouldBe(200);
    }

    [Fact]
    public async Task Write_that_does_not_come_back_is_trouble_until_it_does()
    {
        Task change;
        using (var disk = new HangingCommit(gateway.Services))
        {
            change = Task.Run(() => gateway.ChangeAsync(c => c.Settings.PutAsync("a", "b")));
            await disk.Reached;
            (await StatusAsync()).ShouldBe(200);

            time.Advance(TimeSpan.FromSeconds(9));
            (await StatusAsync()).ShouldBe(200);
            time.Advance(TimeSpan.FromSeconds(1));
            (await StatusAsync()).ShouldBe(503);
            (await gateway.Client.GetAsync("/healthz/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        await change;
        time.Advance(TimeSpan.FromSeconds(1));

        (await StatusAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task Check_that_does_not_come_back_says_no_until_it_does()
    {
        var (begun, enough) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var hanging = Task.Run(() => gateway.Ledger.HoldAsync(() =>
        {
            begun.SetResult();
            enough.Wait();
        }));
        await begun.Task;

        var first = StatusAsync();
        await time.UntilDueInAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        (await first).ShouldBe(503);
        (await StatusAsync()).ShouldBe(503);
        gateway.Log.Lines.Count(l => l.Contains("look after the disk", StringComparison.Ordinal)).ShouldBe(1);

        enough.Set();
        await hanging;
        await gateway.Log.UntilAsync(l => l.Contains("says again", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync()).ShouldBe(200);
    }

    private async Task<int> StatusAsync() => (int)(await gateway.Client.GetAsync(Ready)).StatusCode;
}
