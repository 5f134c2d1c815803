using System.Net;
using System.Net.Sockets;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Requests that have not left yet, because the backend takes its time to let the proxy in: here it never gets through its handshake.</summary>
public sealed class ConnectingTests : IAsyncDisposable
{
    private const string Streamed = """{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hello"}]}""";

    private readonly TcpListener silent = new(IPAddress.Loopback, 0);
    private GatewayUnderTest gateway = null!;

    private string Endpoint => $"https://{silent.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        silent.Dispose();
    }

    [Theory]
    [InlineData(Asking.Hello)]
    [InlineData(Streamed)]
    public async Task Backend_that_cannot_be_connected_to_in_time_is_unreachable_and_costs_nothing(string body)
    {
        await StartAsync(TimeSpan.FromMilliseconds(100));

        (await gateway.Client.AskAsync(Asking.Chat, body)).ShouldBeRefusal(502, "backend_unreachable");

        await gateway.Log.RequestsEndedAsync(1);
        await ShouldHaveCostNothingAsync();
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("It cannot be reached.");
    }

    [Fact]
    public async Task Resource_of_the_callers_own_that_cannot_be_connected_to_in_time_is_unreachable()
    {
        await StartAsync(TimeSpan.FromMilliseconds(100));

        var answer = await gateway.Client.AskAsync("/v1/chat/completions", Streamed, "Bearer mine:gpt-4:key", "Authorization");

        answer.ShouldBeRefusal(502, "backend_unreachable");
        answer.Message.ShouldContain("before the first ':'");
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain("Outcome=NotTaken");
    }

    [Fact]
    public async Task Test_of_a_backend_says_that_it_cannot_be_connected_to()
    {
        await StartAsync(TimeSpan.FromMilliseconds(100));

        var answer = await gateway.Api.SendAsync("POST", "/api/backends/simulator/test", """{"deployment":"gpt-4"}""");

        answer.Json.GetProperty("step").GetString().ShouldBe("network");
        answer.Json.GetProperty("message").GetString()!.ShouldContain($"{silent.LocalEndpoint} cannot be reached");
    }

    [Theory]
    [InlineData(Asking.Hello)]
    [InlineData(Streamed)]
    public async Task Client_that_hangs_up_before_the_proxy_is_connected_pays_nothing_and_nothing_is_sent_for_it(string body)
    {
        await StartAsync(TimeSpan.FromSeconds(10));
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, body);
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        using var connecting = await silent.AcceptTcpClientAsync();

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain("Status=499");
        await ShouldHaveCostNothingAsync();
    }

    [Fact]
    public async Task Request_that_is_cut_off_before_the_proxy_is_connected_pays_nothing()
    {
        await StartAsync(TimeSpan.FromSeconds(10));
        await gateway.ChangeEventAsync(e => e with { CutsInFlight = true });
        var asking = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        using var connecting = await silent.AcceptTcpClientAsync();

        await gateway.Api.SendAsync("POST", "/api/events/hackathon/pause");

        (await asking).ShouldBeRefusal(403, "event_paused");
        await gateway.Log.RequestsEndedAsync(1);
        await ShouldHaveCostNothingAsync();
    }

    private async Task StartAsync(TimeSpan connectTimeout)
    {
        silent.Start();
        gateway = await new GatewayUnderTest
        {
            Settings = s => s with { OwnResources = true },
            Options = new GatewayOptions { ConnectTimeout = connectTimeout, OwnResources = new OwnResourceOptions { Enabled = true, UrlTemplate = Endpoint + "/{resource}" } },
        }.StartAsync();
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { Endpoint = Endpoint, ApiKey = "new" }));
    }

    private async Task ShouldHaveCostNothingAsync()
    {
        var settled = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement;
        (settled.Outcome, settled.Usage.Total, settled.Cost).ShouldBe((Outcome.NotTaken, 0, 0));
    }
}
