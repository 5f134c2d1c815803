using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The request of the sample that stands in for <c>openai</c> 0.28.1, which can be installed no more: as that package was seen to send it.</summary>
public sealed class OldOpenAIRequestTests
{
    private const string Sample = "samples/seeds/004-completions-openai-0.28.py";
    private const string Body = """{"prompt": "The food was delicious and the waiter", "stop": ".", "temperature": 0}""";
    private const string Answer = """{"choices": [{"text": " smiled"}]}""";

    [Theory]
    [InlineData("azure", "api-key: hackathon/githubuser")]
    [InlineData("azure_ad", "Authorization: Bearer hackathon/githubuser")]
    public async Task Sample_sends_what_the_package_sends(string apiType, string credential)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var proxy = $"http://{listener.LocalEndpoint}";

        var run = RunAsync(apiType, proxy);
        var sent = await AnswerAsync(listener);

        (await run).ShouldSucceed().ShouldBe("The food was delicious and the waiter smiled.\n");
        sent.ShouldBe(string.Join("\r\n",
            "POST /openai/deployments/gpt-3.5-turbo-instruct/completions?api-version=2023-05-15 HTTP/1.1",
            $"Host: {listener.LocalEndpoint}",
            "User-Agent: OpenAI/v1 PythonBindings/0.28.1",
            "Accept-Encoding: gzip, deflate",
            "Accept: */*",
            "Connection: keep-alive",
            "X-OpenAI-Client-User-Agent: *",
            credential,
            "Content-Type: application/json",
            $"Content-Length: {Body.Length}",
            "",
            Body));
    }

    [Theory]
    [InlineData("azure")]
    [InlineData("azure_ad")]
    public async Task Sample_gets_its_completion_with_a_key_and_with_a_bearer(string apiType)
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();

        (await RunAsync(apiType, gateway.Client.BaseAddress!.ToString().TrimEnd('/'))).ShouldSucceed().ShouldMatch("(?s)^The food was delicious and the waiter.+[.]\n$");
    }

    private static Task<Ended> RunAsync(string apiType, string proxy) => Command.RunAsync(
        ["/usr/bin/python3", Repository.PathOf(Sample)], new Dictionary<string, string> { ["OPENAI_API_TYPE"] = apiType, ["PROXY_URL"] = proxy });

    private static async Task<string> AnswerAsync(TcpListener listener)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = await listener.AcceptTcpClientAsync(patience.Token);
        await using var stream = client.GetStream();
        var sent = new StringBuilder();
        var buffer = new byte[8192];
        while (!sent.ToString().EndsWith(Body, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, patience.Token);
            read.ShouldBeGreaterThan(0, "it hung up after: " + sent);
            sent.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\nConnection: close\r\n\r\n{Answer}"), patience.Token);
        // What it says of the machine it runs on.
        return string.Join("\r\n", sent.ToString().Split("\r\n").Select(line => line.StartsWith("X-OpenAI-Client-User-Agent: {", StringComparison.Ordinal) ? "X-OpenAI-Client-User-Agent: *" : line));
    }
}
