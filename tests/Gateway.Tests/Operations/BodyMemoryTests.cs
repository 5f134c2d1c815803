using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Tests.Operations;

/// <summary>The bound on the memory that all bodies take together: here one large body fits, and no second one beside it.</summary>
public sealed class BodyMemoryTests : IAsyncLifetime
{
    private const int Largest = 32 * 1024;

    private static readonly string Large = Asking.Hello + new string(' ', 20_000);

    private readonly GatewayUnderTest gateway = new() { Options = new GatewayOptions { MaxBodyBytes = Largest, MaxBodyMemory = Largest } };
    private Gauge held = null!;

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        held = new Gauge(gateway.Services);
    }

    public async ValueTask DisposeAsync()
    {
        held.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task While_one_is_still_arriving_another_is_asked_to_try_again_and_small_ones_pass()
    {
        using var slow = await BeginAsync();
        await held.UntilAsync(Largest);

        var refused = await gateway.Client.AskAsync(Asking.Chat, Large);

        refused.ShouldBeRefusal(503, "server_busy");
        refused.Header("Retry-After").ShouldBe("2");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello + new string(' ', 16_000))).Status.ShouldBe(200);
        (await gateway.Admin.GetStringAsync("/metrics")).ShouldContain("openai_proxy_body_memory_bytes 32768");
    }

    [Theory]
    [InlineData("hackathon/slow", true)]
    [InlineData("hackathon/slow", false)]
    [InlineData("mine:gpt-4o:key", false)]
    public async Task Whoever_sends_many_leaves_room_for_the_others(string credential, bool isKnown)
    {
        await using var roomy = await new GatewayUnderTest { Options = new GatewayOptions { MaxBodyBytes = Largest, MaxBodyMemory = 6 * Largest } }.StartAsync();
        using var taken = new Gauge(roomy.Services);
        foreach (var name in new[] { "ann", "ben" }.Concat(isKnown ? ["slow"] : []))
            (await roomy.Client.AskAsync(Asking.Chat, Asking.Hello, $"hackathon/{name}")).Status.ShouldBe(200);
        var slow = new List<TcpClient>();
        for (var i = 1; i <= 3; i++)
        {
            slow.Add(await BeginAsync(roomy, credential));
            await taken.UntilAsync(i * Largest);
        }

        (await roomy.Client.AskAsync(Asking.Chat, Large, credential)).ShouldBeRefusal(503, "server_busy");
        slow.Add(await BeginAsync(roomy, "hackathon/ben"));
        await taken.UntilAsync(4 * Largest);
        (await roomy.Client.AskAsync(Asking.Chat, Large, "hackathon/ann")).Status.ShouldBe(200);
        await taken.UntilAsync(4 * Largest);

        slow.ForEach(s => s.Dispose());
        await taken.UntilAsync(0);
        (await roomy.Client.AskAsync(Asking.Chat, Large, credential)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task While_one_is_on_its_way_upstream_it_is_held()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0, times = 1 });
        var waiting = gateway.Client.AskAsync(Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""" + new string(' ', 20_000));
        await gateway.Simulator.HeldAsync(1);

        (await gateway.Client.AskAsync(Asking.Chat, Large)).ShouldBeRefusal(503, "server_busy");

        await gateway.Simulator.ReleaseAsync();
        (await waiting).Status.ShouldBe(200);
        await held.UntilAsync(0);
        (await gateway.Client.AskAsync(Asking.Chat, Large)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Who_goes_away_in_the_middle_gives_back_what_was_held()
    {
        using (await BeginAsync())
            await held.UntilAsync(Largest);

        await held.UntilAsync(0);

        (await gateway.Client.AskAsync(Asking.Chat, Large)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hello"}]}""", 20_000, 200)]
    [InlineData("""{"messages":[{"role":"user","content":"hello"}]}""", 40_000, 413)]
    [InlineData("""{"messages":""", 20_000, 400)]
    [InlineData("""{"model":"no-such-model","messages":[]}""", 20_000, 404)]
    public async Task However_a_request_ends_what_was_held_is_given_back(string body, int padding, int status)
    {
        for (var i = 0; i < 3; i++)
        {
            using var request = Asking.Post(Asking.Chat, body + new string(' ', padding));
            request.Headers.TransferEncodingChunked = true;
            (await gateway.Client.AskAsync(request)).Status.ShouldBe(status);
        }

        await held.UntilAsync(0);
        (await gateway.Client.AskAsync(Asking.Chat, Large)).Status.ShouldBe(200);
    }

    private Task<TcpClient> BeginAsync() => BeginAsync(gateway, "hackathon/slow");

    private static async Task<TcpClient> BeginAsync(GatewayUnderTest at, string credential)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(at.Client.BaseAddress!.Host, at.Client.BaseAddress.Port);
        var head = string.Create(CultureInfo.InvariantCulture, $"POST {Asking.Chat} HTTP/1.1\r\nHost: x\r\nopenai-event-code: {credential}\r\nContent-Type: application/json\r\nContent-Length: {Large.Length}\r\n\r\n");
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + Large[..^1]));
        return socket;
    }

    /// <summary>What the server says it holds, and a signal when that is so much.</summary>
    private sealed class Gauge : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly List<(long Held, TaskCompletionSource Reached)> awaited = [];
        private readonly Lock gate = new();
        private long held;

        public Gauge(IServiceProvider server)
        {
            var factory = server.GetRequiredService<IMeterFactory>();
            listener.InstrumentPublished = (instrument, mine) =>
            {
                if (instrument is { Name: "openai_proxy.body_memory", Meter.Name: GatewayMeter.Name } && ReferenceEquals(instrument.Meter.Scope, factory))
                    mine.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, change, _, _) => Add(change));
            listener.Start();
        }

        public Task UntilAsync(long wanted)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                awaited.Add((wanted, reached));
                Announce();
            }
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        public void Dispose() => listener.Dispose();

        private void Add(long change)
        {
            lock (gate)
            {
                held += change;
                Announce();
            }
        }

        private void Announce()
        {
            foreach (var (_, reached) in awaited.Where(a => a.Held == held))
                reached.TrySetResult();
            awaited.RemoveAll(a => a.Reached.Task.IsCompleted);
        }
    }
}
