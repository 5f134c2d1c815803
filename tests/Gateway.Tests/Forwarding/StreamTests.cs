using System.Text.Json;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class StreamTests : IAsyncLifetime
{
    private const string Streamed = """{"stream":true,"max_tokens":12,"messages":[{"role":"user","content":"a poem about elephants"}]}""";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_stream_is_an_event_stream_with_choices_in_every_chunk_and_done_at_its_end()
    {
        using var stream = await OpenAsync(Streamed);
        var events = await stream.RestAsync();

        stream.Message.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        events[^1].ShouldBe("[DONE]");
        var chunks = events[..^1].ConvertAll(e => JsonDocument.Parse(e).RootElement);
        chunks.ShouldAllBe(c => c.GetProperty("choices").GetArrayLength() == 1);
        chunks.Count(c => c.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) && text.GetString() != "").ShouldBe(12);
    }

    [Fact]
    public async Task A_stream_tells_whoever_stands_on_its_way_to_keep_and_to_hold_back_nothing()
    {
        using var stream = await OpenAsync(Streamed);

        var headers = stream.Message.Headers.NonValidated;
        headers["Cache-Control"].ToString().ShouldBe("no-cache, must-revalidate");
        headers["X-Accel-Buffering"].ToString().ShouldBe("no");
    }

    [Fact]
    public async Task Each_event_comes_as_it_is_made()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 3 });

        using var stream = await OpenAsync(Streamed);
        // The backend's first chunk has no choices and is left out; two of the three that it has sent are here.
        (await stream.NextAsync()).ShouldNotBeNull();
        (await stream.NextAsync()).ShouldNotBeNull();
        (await gateway.Simulator.HeldAsync(1)).ShouldHaveSingleItem().State.ShouldBe("running");
        await gateway.Simulator.ReleaseAsync();

        (await stream.RestAsync())[^1].ShouldBe("[DONE]");
    }

    [Fact]
    public async Task The_headers_of_a_stream_come_before_its_first_event()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0 });

        using var stream = await OpenAsync(Streamed);

        ((int)stream.Message.StatusCode).ShouldBe(200);
        // Its headers may be here before it is held, and only what is held can be let go.
        await gateway.Simulator.HeldAsync(1);
        await gateway.Simulator.ReleaseAsync();
        (await stream.RestAsync()).Count.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task Only_the_body_decides_on_streaming()
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        request.Headers.Accept.ParseAdd("text/event-stream");

        (await gateway.Client.AskAsync(request)).Headers["Content-Type"].ShouldBe("application/json");
    }

    [Fact]
    public async Task Usage_is_asked_for_upstream_and_shown_only_to_those_who_asked()
    {
        using var unasked = await OpenAsync(Streamed);
        (await unasked.RestAsync()).ShouldNotContain(e => e.Contains("\"prompt_tokens\"", StringComparison.Ordinal));
        using var asked = await OpenAsync(Streamed.Replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal));
        var last = JsonDocument.Parse((await asked.RestAsync())[^2]).RootElement;

        last.GetProperty("choices").GetArrayLength().ShouldBe(0);
        last.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(12);
        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r => r.Field("stream_options")!.Value.GetRawText() == "{\"include_usage\":true}");
    }

    [Theory]
    [InlineData("\"stream_options\":{}", "{\"include_usage\":true}")]
    [InlineData("\"stream_options\":null", "{\"include_usage\":true}")]
    [InlineData("\"stream_options\":{\"include_usage\":false}", "{\"include_usage\":true}")]
    [InlineData("\"stream_options\":{\"include_obfuscation\":false}", "{\"include_usage\":true,\"include_obfuscation\":false}")]
    public async Task Asking_for_usage_leaves_the_other_options_alone(string options, string expected)
    {
        using var stream = await OpenAsync(Streamed.Replace("\"stream\":true", "\"stream\":true," + options, StringComparison.Ordinal));
        await stream.RestAsync();

        (await gateway.Simulator.RequestsAsync())[^1].Field("stream_options")!.Value.GetRawText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("2024-06-01", false)]
    [InlineData("2024-08-01-preview", false)]
    [InlineData("2024-09-01-preview", true)]
    [InlineData("2024-10-21", true)]
    public async Task A_backend_is_asked_for_usage_in_streams_from_the_version_on_that_knows_of_it(string version, bool isAsked)
    {
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync(
            (await change.Backends.GetAsync("simulator"))! with { ApiVersion = version }));

        using var stream = await OpenAsync(Streamed);

        (await stream.RestAsync())[^1].ShouldBe("[DONE]");
        (await gateway.Simulator.RequestsAsync())[^1].Field("stream_options").HasValue.ShouldBe(isAsked);
    }

    [Fact]
    public async Task A_stream_that_searches_data_is_not_asked_for_usage_which_Azure_refuses_beside_it()
    {
        using var stream = await OpenAsync(Streamed.Replace("\"stream\":true", "\"stream\":true,\"data_sources\":[{\"type\":\"azure_search\"}]", StringComparison.Ordinal));

        var events = await stream.RestAsync();
        events[^1].ShouldBe("[DONE]");
        events.ShouldContain(e => e.Contains("\"citations\"", StringComparison.Ordinal));
        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Field("stream_options").ShouldBeNull();
        // What the search brings into the window nobody sees: two calls of the model, at the most they can be. What it found is no output of the model's.
        var settled = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement;
        (settled.Usage.Input, settled.Usage.Output, settled.Exactness).ShouldBe((2 * 128_000, 12, Exactness.Estimated));
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_the_backends_work()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 5 });
        var stream = await OpenAsync(Streamed);
        (await stream.NextAsync()).ShouldNotBeNull();

        stream.Dispose();

        var ended = await gateway.Simulator.EndedAsync(1);
        ended.ShouldHaveSingleItem().State.ShouldBe("cancelled");
        ended[0].CompletionTokens.ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task A_client_that_hangs_up_before_the_first_byte_ends_the_backends_work()
    {
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, Streamed);
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        await gateway.Simulator.StartedAsync(1);

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        (await gateway.Simulator.EndedAsync(1)).ShouldHaveSingleItem().State.ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_stream_that_breaks_says_so_and_breaks_off_here_too()
    {
        await gateway.Simulator.FailAsync(new { kind = "reset", after = 4 });

        using var stream = await OpenAsync(Streamed);
        var seen = new List<string>();
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            while (await stream.NextAsync() is { } data)
                seen.Add(data);
        });

        JsonDocument.Parse(seen[^1]).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("backend_broke_off");
    }

    [Fact]
    public async Task An_error_in_the_stream_is_passed_on_and_the_stream_broken_off()
    {
        await gateway.Simulator.FailAsync(new { kind = "errorEvent", after = 4 });

        using var stream = await OpenAsync(Streamed);
        var seen = new List<string>();
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            while (await stream.NextAsync() is { } data)
                seen.Add(data);
        });

        seen[^1].ShouldContain("\"error\"");
    }

    [Fact]
    public async Task A_backend_that_pauses_for_too_long_is_given_up()
    {
        var time = new ManualTime();
        await using var patient = await new GatewayUnderTest { Time = time, Options = new() { PauseTimeout = TimeSpan.FromMinutes(5) } }.StartAsync();
        await patient.Simulator.FailAsync(new { kind = "hold", after = 4 });
        using var stream = await EventStream.OpenAsync(patient.Client, Asking.Post(Asking.Chat, Streamed));
        (await stream.NextAsync()).ShouldNotBeNull();
        await patient.Simulator.HeldAsync(1);

        time.Advance(TimeSpan.FromMinutes(5));

        await Should.ThrowAsync<HttpIOException>(() => stream.RestAsync());
        (await patient.Simulator.EndedAsync(1)).ShouldHaveSingleItem().State.ShouldBe("cancelled");
    }

    [Theory]
    [InlineData("oneByte")]
    [InlineData("crlf")]
    [InlineData("comments")]
    [InlineData("noContentType")]
    public async Task However_the_bytes_come_the_events_are_the_same(string kind)
    {
        using var plain = await OpenAsync(Streamed);
        var expected = (await plain.RestAsync()).ConvertAll(ContentOf);
        await gateway.Simulator.FailAsync(new { kind });

        using var odd = await OpenAsync(Streamed);

        (await odd.RestAsync()).ConvertAll(ContentOf).ShouldBe(expected);
    }

    [Fact]
    public async Task Completions_stream_too()
    {
        using var stream = await EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Completions, """{"stream":true,"prompt":["one","two"],"max_tokens":5}"""));
        var events = await stream.RestAsync();

        events[^1].ShouldBe("[DONE]");
        events[..^1].Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0].GetProperty("index").GetInt32()).Distinct().Order().ShouldBe([0, 1]);
    }

    private Task<EventStream> OpenAsync(string body) => EventStream.OpenAsync(gateway.Client, Asking.Post(Asking.Chat, body));

    private static string ContentOf(string data)
    {
        if (data == "[DONE]")
            return data;
        var choice = JsonDocument.Parse(data).RootElement.GetProperty("choices")[0];
        return choice.GetProperty("delta").TryGetProperty("content", out var text) ? "+" + text.GetString() : choice.GetProperty("finish_reason").GetString() ?? "";
    }
}
