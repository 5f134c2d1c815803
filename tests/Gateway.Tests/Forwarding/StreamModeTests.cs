using System.Text.Json;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Which of the two stream modes a request gets, and what each makes of what Azure sends.</summary>
public sealed class StreamModeTests : IAsyncLifetime
{
    private const string Azure = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    private const string AzureV1 = "/openai/v1/chat/completions";
    private const string OpenAI = "/v1/chat/completions";
    private const string Streamed = """{"model":"gpt-4o","stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem about elephants"}]}""";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(Azure, null, null, true)]
    [InlineData(AzureV1, null, null, true)]
    [InlineData(OpenAI, null, null, false)]
    [InlineData(Asking.Chat, null, null, false)]
    [InlineData(Azure, StreamMode.Strict, null, false)]
    [InlineData(OpenAI, StreamMode.Faithful, null, true)]
    [InlineData(Azure, null, "strict", false)]
    [InlineData(OpenAI, null, "Faithful", true)]
    [InlineData(OpenAI, StreamMode.Faithful, "strict", false)]
    [InlineData(Azure, StreamMode.Strict, "faithful", true)]
    public async Task The_request_says_else_the_event_else_the_surface(string path, StreamMode? ofEvent, string? ofRequest, bool isFaithful)
    {
        await gateway.ChangeEventAsync(e => e with { StreamMode = ofEvent });

        var chunks = await ChunksAsync(path, ofRequest);

        chunks.Count(c => c.GetProperty("choices").GetArrayLength() == 0).ShouldBe(isFaithful ? 1 : 0);
        chunks[0].TryGetProperty("prompt_filter_results", out _).ShouldBe(isFaithful);
    }

    [Theory]
    [InlineData("lax")]
    [InlineData("0")]
    [InlineData("strict, faithful")]
    public async Task A_mode_that_does_not_exist_is_refused(string mode)
    {
        using var request = Asking.Post(OpenAI, Streamed);
        request.Headers.Add("x-stream-mode", mode);

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(400, "invalid_value");
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Faithful_is_what_azure_sends_to_those_who_do_not_ask_for_usage()
    {
        var proxied = await ChunksAsync(Azure, null);
        using var direct = new HttpClient { BaseAddress = gateway.Simulator.Address };
        var answer = await direct.AskAsync(Azure, Streamed, "any-key", "api-key");
        var azures = answer.Body.Split("\n\n").Where(e => e.StartsWith("data: {", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e[6..]).RootElement).ToList();

        // The same but for ids, times and texts: field by field, in their order.
        proxied.Select(NamesOf).ShouldBe(azures.Select(NamesOf));
        proxied.ShouldAllBe(c => !NamesOf(c).Contains("usage"));
    }

    [Fact]
    public async Task Strict_streams_have_a_delta_in_every_chunk_when_the_filter_works_asynchronously()
    {
        await gateway.Simulator.FailAsync(new { kind = "asyncFilter" });

        var strict = await ChunksAsync(OpenAI, null);
        var faithful = await ChunksAsync(Azure, null);

        strict.ShouldAllBe(c => c.GetProperty("choices").GetArrayLength() > 0 && c.GetProperty("choices")[0].EnumerateObject().Any(p => p.Name == "delta"));
        strict[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldNotBeNull();
        faithful.ShouldContain(c => NamesOf(c).Contains("content_filter_offsets"));
    }

    [Theory]
    [InlineData(Azure, """{"error":{"code":"NoCapacity","message":"busy"}}""", """{"code":"NoCapacity","message":"busy"}""")]
    [InlineData(OpenAI, """{"error":{"code":"NoCapacity","message":"busy"}}""", """{"message":"busy","type":"server_error","param":null,"code":"NoCapacity"}""")]
    public async Task An_error_in_the_stream_ends_it_in_the_shape_of_its_mode(string path, string sent, string received)
    {
        await gateway.Simulator.FailAsync(new { kind = "errorEvent", after = 3, @event = JsonDocument.Parse(sent).RootElement });

        using var request = Asking.Post(path, Streamed);
        using var stream = await EventStream.OpenAsync(gateway.Client, request);
        string? last = null;
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            while (await stream.NextAsync() is { } data)
                last = data;
        });

        JsonDocument.Parse(last!).RootElement.GetProperty("error").GetRawText().ShouldBe(received);
    }

    [Theory]
    [InlineData(Azure, """{"code":"BadRequest","message":"no"}""")]
    [InlineData(OpenAI, """{"message":"no","type":"invalid_request_error","param":null,"code":"BadRequest"}""")]
    public async Task A_complaint_of_the_backend_has_the_shape_of_its_mode(string path, string error)
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 400, body = new { error = new { code = "BadRequest", message = "no" } } });

        var answer = await gateway.Client.AskAsync(path, Streamed);

        answer.Status.ShouldBe(400);
        answer.Error.GetRawText().ShouldBe(error);
    }

    [Fact]
    public async Task What_the_content_filter_says_beside_the_error_stays()
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 400, body = new { error = new { message = "filtered", type = (string?)null, param = "prompt", code = "content_filter", status = 400, innererror = new { code = "ResponsibleAIPolicyViolation" } } } });

        (await gateway.Client.AskAsync(OpenAI, Streamed)).Error.GetRawText()
            .ShouldBe("""{"message":"filtered","type":"invalid_request_error","param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}""");
    }

    private async Task<List<JsonElement>> ChunksAsync(string path, string? mode)
    {
        using var request = Asking.Post(path, Streamed);
        if (mode is not null)
            request.Headers.Add("x-stream-mode", mode);
        using var stream = await EventStream.OpenAsync(gateway.Client, request);
        ((int)stream.Message.StatusCode).ShouldBe(200);
        return [.. (await stream.RestAsync()).Where(e => e != "[DONE]").Select(e => JsonDocument.Parse(e).RootElement)];
    }

    // All names of fields, of whatever depth.
    private static string NamesOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => string.Join(' ', element.EnumerateObject().Select(p => $"{p.Name}:{NamesOf(p.Value)}")),
        JsonValueKind.Array => $"[{string.Join(' ', element.EnumerateArray().Select(NamesOf))}]",
        _ => "",
    };
}
