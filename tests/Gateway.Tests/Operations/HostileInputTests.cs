using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Operations;

public sealed class HostileInputTests : IAsyncLifetime
{
    private const int Workers = 16;

    private static readonly int Requests = Environment.GetEnvironmentVariable("OPENAIPROXY_TESTS") == "full" ? 200_000 : 10_000;

    private readonly GatewayUnderTest gateway = new()
    {
        // Otherwise most requests would be told to wait and never reach what they are to try.
        Options = new() { GuessLimits = new() { PerAddress = int.MaxValue, PerEvent = int.MaxValue } },
    };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.ChangeEventAsync(e => e with { AttendeeCap = 1_000_000 });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Nothing_a_client_sends_gives_a_500_or_a_409_or_hangs_or_cannot_be_read()
    {
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1, ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1 })
        {
            BaseAddress = gateway.Client.BaseAddress,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var wrong = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var hostile = new HostileRequests(client.BaseAddress!, worker);
            for (var i = 0; i < Requests / Workers; i++)
            {
                using var request = hostile.Next();
                var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync();
                if (await FaultOfAsync(client, request, statuses) is { } fault)
                    wrong.Enqueue($"{fault}: {HostileRequests.Describe(request, body)}");
            }
        }));

        wrong.ShouldBeEmpty();
        gateway.Log.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal)).ShouldBeEmpty();
        // The requests are worth something only if they get everywhere.
        foreach (var status in new[] { 200, 400, 401, 404, 405, 415 })
            statuses.GetValueOrDefault(status).ShouldBeGreaterThan(Requests / 500, $"status {status}");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    private static async Task<string?> FaultOfAsync(HttpClient client, HttpRequestMessage request, ConcurrentDictionary<int, int> statuses)
    {
        try
        {
            using var message = await client.SendAsync(request);
            var status = (int)message.StatusCode;
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (status is 409 or >= 500)
                return $"status {status}: {await message.Content.ReadAsStringAsync()}";
            var body = await message.Content.ReadAsStringAsync();
            return Parses(message, body) ? null : $"status {status} with a body that does not parse: '{body}'";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return e.ToString();
        }
    }

    private static bool Parses(HttpResponseMessage message, string body)
    {
        // What is no HTTP (a NUL in the path, a control character in a header's name) the web server turns away without a word.
        if (body.Length == 0)
            return message.RequestMessage!.Method == HttpMethod.Head || message.StatusCode == System.Net.HttpStatusCode.NoContent
                || (message.StatusCode == System.Net.HttpStatusCode.BadRequest && !message.Headers.Contains("x-request-id"));
        if (message.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(body);
            return message.IsSuccessStatusCode || json.RootElement.GetProperty("error").GetProperty("message").GetString() is { Length: > 0 };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
