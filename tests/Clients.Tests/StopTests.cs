using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>SIGTERM while an answer is on its way.</summary>
public sealed class StopTests
{
    // Four seconds of stream: longer than the two that a command line library gives a program after the signal.
    private static readonly string[] Slow = ["--demo", "--simulator-latency", "ttft=10ms,tps=20,spread=0", .. ServerProcess.FreePorts];

    private const string Body = """{"stream": true, "max_tokens": 80, "messages": [{"role": "user", "content": "Write a poem about indian elephants"}]}""";

    [Fact]
    public async Task Stream_in_flight_is_finished_while_nothing_new_is_accepted_and_the_exit_code_is_0()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, Slow);
        var announced = await server.ReadyAsync();
        using var client = new HttpClient();
        using var stream = await BeginAsync(client, announced);

        server.Terminate();

        await StopsAcceptingAsync(announced.Public);
        (await stream.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldEndWith("data: [DONE]\n\n");
        (await server.EndAsync()).ShouldBe(0, server.Errors);
    }

    [Fact]
    public async Task Stream_that_does_not_end_holds_the_server_up_for_the_drain_timeout_only_and_is_told_so()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ["--drain-timeout", "1s", .. Slow]);
        var announced = await server.ReadyAsync();
        using var simulator = new SimulatorControl(announced.Simulator);
        await simulator.FailAsync(new { kind = "hold", after = 3 });
        using var client = new HttpClient();
        using var stream = await BeginAsync(client, announced);
        await simulator.HeldAsync(1);

        server.Terminate();

        var last = "";
        await Should.ThrowAsync<IOException>(async () =>
        {
            while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                last = line.Length > 0 ? line : last;
        });
        last.ShouldStartWith("data: {\"error\":");
        last.ShouldContain("\"code\":\"server_stopping\"");
        (await server.EndAsync()).ShouldBe(0, server.Errors);
        server.Errors.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task Second_signal_changes_nothing_about_the_first()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, Slow);
        var announced = await server.ReadyAsync();
        using var client = new HttpClient();
        using var stream = await BeginAsync(client, announced);

        server.Terminate();
        await StopsAcceptingAsync(announced.Public);
        server.Terminate();

        (await stream.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldEndWith("data: [DONE]\n\n");
        (await server.EndAsync()).ShouldBe(0, server.Errors);
    }

    // A stream of which the first line has come.
    private static async Task<StreamReader> BeginAsync(HttpClient client, Announced announced)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(announced.Public, "/api/v1/chat/completions"));
        request.Headers.Add("openai-event-code", "hackathon/ann");
        request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await stream.ReadLineAsync())!.ShouldStartWith("data: {");
        return stream;
    }

    // The signal is asynchronous and nothing tells of its arrival, so this asks until it has.
    private static async Task StopsAcceptingAsync(Uri address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, patience.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
