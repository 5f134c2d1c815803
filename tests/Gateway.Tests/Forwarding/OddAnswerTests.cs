using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Answers of a backend that nobody would write: what cannot be understood passes as it is, and nothing becomes an error of ours.</summary>
public sealed class OddAnswerTests : IAsyncLifetime
{
    private const string Faithful = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    private const string Strict = "/v1/chat/completions";
    private const string Whole = """{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""";
    private const string Streamed = """{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hello"}]}""";
    private const string Own = "mine:gpt-4o:key";
    private const string Event = "hackathon/ann";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        gateway.Log.Lines.ShouldNotContain(l => l.Contains("failed in a way nobody expected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Strict, Own, """{"error":{"message":"x"}} x""", """{"error":{"message":"x"}} x""")]
    [InlineData(Strict, Event, """{"error":{"message":"x"}} x""", """{"error":{"message":"x"}} x""")]
    [InlineData(Faithful, Own, """{"error":{"message":"\ud800"}}""", """{"error":{"message":"\ud800"}}""")]
    [InlineData(Strict, Own, """{"error":"\ud800"}""", """{"error":"\ud800"}""")]
    [InlineData(Strict, Event, """{"error":{"message":"x","more":"\ud800"}}""", """{"error":{"message":"x","more":"\ud800"}}""")]
    [InlineData(Strict, Event, """{"error":{"message":"x","\ud800":1}}""", """{"error":{"message":"x","\ud800":1}}""")]
    [InlineData(Strict, Event, """{"error":{"message":"x","message":7}}""", """{"error":{"message":"7","type":"server_error","param":null,"code":null}}""")]
    public async Task Odd_error_at_the_beginning_of_a_stream_ends_it_and_is_the_clients_to_read(string path, string credential, string sent, string received)
    {
        await StreamIsAsync($"data: {sent}\n\n");

        var seen = await ReadUntilBrokenAsync(path, credential);

        seen.ShouldBe($"data: {received}\n\n");
    }

    [Fact]
    public async Task Stream_of_a_resource_of_the_callers_own_is_theirs_with_a_usage_that_nobody_asked_for()
    {
        const string events = """
            data: {"choices":[{"delta":{"content":"x"}}],"usage":null}

            data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}

            data: [DONE]


            """;
        await StreamIsAsync(events);

        (await gateway.Client.AskAsync(Faithful, Streamed, $"Bearer {Own}", "Authorization")).Body.ShouldBe(events);
    }

    [Theory]
    [InlineData("""{"choices":[{"finish_reason":"stop"}],"choices":[{"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop"}],"model":"\ud800"}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop"}],"choices":[{"index":0}],"\ud800":1}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop"}]} x""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","finish_reason":"stop"}]}""")]
    public async Task Chunk_that_cannot_be_given_a_delta_passes_as_it_is(string chunk)
    {
        await StreamIsAsync($"data: {chunk}\n\ndata: [DONE]\n\n");

        (await gateway.Client.AskAsync(Strict, Streamed, Event)).Body.ShouldBe($"data: {chunk}\n\ndata: [DONE]\n\n");
    }

    [Fact]
    public async Task Choice_that_is_none_passes_beside_one_that_gets_a_delta()
    {
        await StreamIsAsync("data: {\"choices\":[7,{\"finish_reason\":\"stop\"}],\"text\":\"d\u00e9j\u00e0\"}\n\ndata: [DONE]\n\n");

        (await gateway.Client.AskAsync(Strict, Streamed, Event)).Body
            .ShouldBe("data: {\"choices\":[7,{\"finish_reason\":\"stop\",\"delta\":{}}],\"text\":\"d\u00e9j\u00e0\"}\n\ndata: [DONE]\n\n");
    }

    [Theory]
    [InlineData(Strict)]
    [InlineData(Faithful)]
    public async Task Chunk_that_says_that_there_is_no_error_is_one_like_any_other(string path)
    {
        const string events = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"error\":null}\n\ndata: [DONE]\n\n";
        await StreamIsAsync(events);

        (await gateway.Client.AskAsync(path, Streamed, Event)).Body.ShouldBe(events);
    }

    [Theory]
    [InlineData(Strict)]
    [InlineData(Faithful)]
    public async Task Complaint_with_half_a_character_passes_as_it_is(string path)
    {
        foreach (var complaint in new[]
        {
            """{"error":{"message":"m","innererror":{"a":"\ud800"}}}""", """{"error":{"message":"m","code":"\ud800","\ud800":1}}""", """{"error":"\ud800"}""",
        })
        {
            await ComplaintIsAsync(complaint);

            var answer = await gateway.Client.AskAsync(path, Whole);

            (answer.Status, answer.Headers["Content-Type"]).ShouldBe((400, "application/json"));
            answer.Body.ShouldBe(complaint);
        }
    }

    [Theory]
    [InlineData(100_000, Faithful, Event)]
    [InlineData(100_000, Strict, Own)]
    [InlineData(3_000_000, Strict, Own)]
    public async Task Long_complaint_passes_whole(int length, string path, string credential)
    {
        var complaint = $$$"""{"error":{"message":"{{{new string('m', length)}}}","type":"t","param":null,"code":"because"}}""";
        await ComplaintIsAsync(complaint);

        var answer = await gateway.Client.AskAsync(path, Whole, $"Bearer {credential}", "Authorization");

        answer.Status.ShouldBe(400);
        (answer.Body == complaint).ShouldBeTrue(answer.Body[^20..]);
    }

    [Theory]
    [InlineData(100_000, "because")]
    [InlineData(3_000_000, "400")]
    public async Task Long_complaint_is_never_half_an_answer(int length, string code)
    {
        await ComplaintIsAsync($$$"""{"error":{"message":"{{{new string('m', length)}}}","code":"because"}}""");

        foreach (var path in new[] { Strict, Asking.Chat })
        {
            var answer = await gateway.Client.AskAsync(path, Whole);

            answer.Status.ShouldBe(400);
            answer.Error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
            answer.Code.ShouldBe(code);
        }
    }

    [Theory]
    [InlineData("200 OK", "application/json\u0001", Whole, "application/json")]
    [InlineData("200 OK", "text/plain; name=\u00e9", Whole, "application/json")]
    [InlineData("200 OK", "text/event-stream\u0001", Streamed, "text/event-stream; charset=utf-8")]
    [InlineData("400 Bad Request", "text/plain\u0001", Whole, "application/json")]
    public async Task Content_type_that_cannot_be_sent_on_is_the_usual_one(string status, string sent, string body, string received)
    {
        await using var backend = await BackendIsAsync($"HTTP/1.1 {status}\r\nContent-Type: {sent}\r\nConnection: close\r\n\r\n{(body == Streamed ? "data: [DONE]\n\n" : "{}")}");

        var answer = await gateway.Client.AskAsync(Asking.Chat, body);

        answer.Status.ShouldBe(int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture));
        answer.Headers["Content-Type"].ShouldBe(received);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", Whole, "application/json; charset=utf-8")]
    [InlineData("Text/Event-Stream", Streamed, "text/event-stream; charset=utf-8")]
    public async Task Content_type_is_the_backends_and_an_event_stream_is_one_however_it_is_written(string sent, string body, string received)
    {
        await using var backend = await BackendIsAsync($"HTTP/1.1 200 OK\r\nContent-Type: {sent}\r\nConnection: close\r\n\r\n{(body == Streamed ? "data: [DONE]\n\n" : "{}")}");

        (await gateway.Client.AskAsync(Asking.Chat, body)).Headers["Content-Type"].ShouldBe(received);
    }

    [Fact]
    public async Task Length_of_a_whole_answer_is_the_backends()
    {
        await using var backend = await BackendIsAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        (await gateway.Client.AskAsync(Asking.Chat, Whole)).Header("Content-Length").ShouldBe("2");
    }

    [Theory]
    [InlineData("204 No Content", "", "", 204)]
    [InlineData("204 No Content", "Content-Length: 0\r\n", "", 204)]
    [InlineData("205 Reset Content", "Content-Length: 2\r\n", "{}", 200)]
    [InlineData("205 Reset Content", "", "{}", 200)]
    [InlineData("205 Reset Content", "Content-Length: 0\r\n", "", 200)]
    public async Task Success_of_another_kind_is_one_here_too(string status, string length, string sent, int received)
    {
        await using var backend = await BackendIsAsync($"HTTP/1.1 {status}\r\n{length}Connection: close\r\n\r\n{sent}");

        foreach (var body in new[] { Whole, Streamed })
        {
            var answer = await gateway.Client.AskAsync(Asking.Chat, body);

            (answer.Status, answer.Body).ShouldBe((received, sent));
        }
    }

    [Theory]
    [InlineData("204 No Content")]
    [InlineData("304 Not Modified")]
    public async Task Length_of_a_body_that_an_answer_cannot_have_is_not_sent_on(string status)
    {
        await using var backend = new RawBackend($"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
        await using var odd = await OfOwnResourceAsync(backend);

        foreach (var body in new[] { Whole, Streamed })
        {
            var answer = await odd.Client.AskAsync(Strict, body, $"Bearer {Own}", "Authorization");

            ($"{answer.Status}", answer.Body).ShouldBe((status[..3], ""));
        }
    }

    [Theory]
    [InlineData("000 Nothing", "")]
    [InlineData("101 Switching Protocols", "")]
    [InlineData("101 Switching Protocols", "Content-Length: 2\r\n")]
    [InlineData("205 Reset Content", "")]
    [InlineData("304 Not Modified", "Content-Length: 5\r\n")]
    [InlineData("302 Found", "Location: https://elsewhere.example/\r\n")]
    [InlineData("451 No", "Content-Type: text/plain\u0001\r\n")]
    public async Task Odd_status_of_a_resource_of_the_callers_own_is_theirs_or_the_resources_failure(string status, string headers)
    {
        await using var backend = new RawBackend($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n{{}}");
        await using var odd = await OfOwnResourceAsync(backend);

        foreach (var body in new[] { Whole, Streamed })
        {
            var answer = await odd.Client.AskAsync(Strict, body, $"Bearer {Own}", "Authorization");

            answer.Status.ShouldNotBe(500);
        }
        odd.Log.Lines.ShouldNotContain(l => l.Contains("failed in a way nobody expected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("429 Too Many Requests")]
    public async Task Resource_of_the_callers_own_that_breaks_off_before_the_first_byte_could_not_be_reached(string status)
    {
        await using var backend = new RawBackend($"HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n");
        await using var odd = await OfOwnResourceAsync(backend);

        var answer = await odd.Client.AskAsync(Strict, Whole, $"Bearer {Own}", "Authorization");

        answer.ShouldBeRefusal(502, "backend_unreachable");
        answer.Message.ShouldStartWith("The resource you named could not be reached.");
    }

    [Theory]
    [InlineData(Own)]
    [InlineData(Event)]
    public async Task Event_that_is_longer_than_any_is_a_failure_of_the_backend(string credential)
    {
        await StreamIsAsync($"data: {new string('x', 17 * 1024 * 1024)}\n\n");

        var answer = await ReadUntilBrokenAsync(Strict, credential);

        answer.ShouldContain("backend_");
    }

    private Task StreamIsAsync(string events) => gateway.Simulator.FailAsync(new { kind = "html", status = 200, contentType = "text/event-stream", body = events });

    private Task ComplaintIsAsync(string body) => gateway.Simulator.FailAsync(new { kind = "html", status = 400, contentType = "application/json", body });

    private static Task<GatewayUnderTest> OfOwnResourceAsync(RawBackend backend) => new GatewayUnderTest
    {
        Settings = s => s with { OwnResources = true },
        Options = new GatewayOptions { OwnResources = new OwnResourceOptions { Enabled = true, UrlTemplate = backend.Endpoint + "/{resource}" } },
    }.StartAsync();

    private async Task<RawBackend> BackendIsAsync(string answer)
    {
        var backend = new RawBackend(answer);
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { Endpoint = backend.Endpoint, ApiKey = "new" }));
        return backend;
    }

    // Whatever came until the connection broke, or the answer ended.
    private async Task<string> ReadUntilBrokenAsync(string path, string credential)
    {
        using var request = Asking.Post(path, Streamed, $"Bearer {credential}", "Authorization");
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var seen = new MemoryStream();
        try
        {
            await answer.Content.CopyToAsync(seen);
        }
        catch (HttpRequestException)
        {
            // After an error in a stream it is broken off.
        }
        return Encoding.UTF8.GetString(seen.ToArray());
    }
}
