using System.Text;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class StreamTests
{
    private const string WithUsage = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";

    [Theory]
    [InlineData("Tell me about tides", "")]
    [InlineData("A poem about żółw, 海 and 🐙 [[tokens=90]]", "")]
    [InlineData("Several", ",\"n\":3,\"max_tokens\":40")]
    [InlineData("Stopped early", ",\"stop\":\"e\"")]
    [InlineData("As json", ",\"response_format\":{\"type\":\"json_object\"}")]
    public async Task Streamed_whole_and_served_are_the_same(string question, string more)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var whole = await simulator.ChatAsync(Ask(question, "\"user\":\"a\"" + more));
        var answer = await whole.JsonAsync();
        (await simulator.Http.DeleteAsync("/simulator/served")).Dispose();

        using var stream = await simulator.ChatAsync(Ask(question, WithUsage + more));
        var chunks = await stream.ChunksAsync();

        for (var index = 0; index < answer.GetProperty("choices").GetArrayLength(); index++)
            ContentOf(chunks, index).ShouldBe(answer.Content(index));
        chunks[^1].Used("completion_tokens").ShouldBe(answer.Used("completion_tokens"));
        chunks[^1].Used("prompt_tokens").ShouldBe(answer.Used("prompt_tokens"));
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(answer.Used("completion_tokens"));
        (await simulator.ServedAsync()).Total("promptTokens").ShouldBe(answer.Used("prompt_tokens"));
    }

    [Fact]
    public async Task Each_token_is_a_chunk()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var stream = await simulator.ChatAsync(Ask("Tides [[tokens=25]]", WithUsage));
        var chunks = await stream.ChunksAsync();

        // Filter results, role, 25 tokens, finish, usage.
        chunks.Count.ShouldBe(1 + 1 + 25 + 1 + 1);
    }

    [Fact]
    public async Task Choices_are_streamed_side_by_side()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var stream = await simulator.ChatAsync(Ask("Tides [[tokens=4]]", "\"stream\":true,\"n\":2"));
        var indexes = (await stream.ChunksAsync()).Skip(1).Select(chunk => chunk.Choice().GetProperty("index").GetInt32());

        indexes.ShouldBe([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    }

    [Fact]
    public async Task Tool_calls_come_in_pieces_that_are_the_whole()
    {
        const string tools = """
            "tools":[{"type":"function","function":{"name":"one","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"two"}}]
            """;
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var whole = await simulator.ChatAsync(Ask("Call one and two", tools));
        var calls = (await whole.JsonAsync()).Choice().GetProperty("message").GetProperty("tool_calls").EnumerateArray()
            .Select(call => call.GetProperty("function").GetProperty("arguments").GetString());

        using var stream = await simulator.ChatAsync(Ask("Call one and two", tools + "," + WithUsage));
        var chunks = await stream.ChunksAsync();

        var pieces = chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .Where(choice => choice.GetProperty("delta").TryGetProperty("tool_calls", out _))
            .Select(choice => choice.GetProperty("delta").GetProperty("tool_calls")[0])
            .GroupBy(call => call.GetProperty("index").GetInt32(), call => call.GetProperty("function").GetProperty("arguments").GetString());
        pieces.Select(piece => string.Concat(piece)).ShouldBe(calls);
        chunks[^1].Used("completion_tokens").ShouldBe((await whole.JsonAsync()).Used("completion_tokens"));
    }

    [Fact]
    public async Task A_stream_has_its_own_headers()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var stream = await simulator.ChatAsync(Ask("Hello", "\"stream\":true"));

        stream.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        stream.Headers.TransferEncodingChunked.ShouldBe(true);
        stream.Headers.CacheControl!.NoCache.ShouldBeTrue();
        stream.Headers.GetValues("x-accel-buffering").ShouldBe(["no"]);
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-4o/chat/completions", """{"messages":[{"role":"user","content":"Tides"}]""")]
    [InlineData("/openai/deployments/gpt-3.5-turbo-instruct/completions", """{"prompt":"Tides" """)]
    public async Task Noise_hides_the_lengths_of_tokens_where_it_is_asked_for(string path, string body)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var noisy = await simulator.PostAsync(path + "?api-version=2024-10-21", body + ",\"stream\":true,\"stream_options\":{\"include_obfuscation\":true}}");
        using var quiet = await simulator.PostAsync(path + "?api-version=2024-10-21", body + ",\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}}");

        var noise = (await noisy.ChunksAsync()).Skip(1).Select(chunk => chunk.GetProperty("obfuscation").GetString()!.Length).ToList();
        noise.ShouldAllBe(length => length >= 1 && length <= 16);
        noise.Distinct().Count().ShouldBeGreaterThan(3);
        (await quiet.TextAsync()).ShouldNotContain("obfuscation");
    }

    [Theory]
    [InlineData("2023-07-01-preview", "\"functions\":[{\"name\":\"clock\",\"parameters\":{\"type\":\"object\",\"properties\":{\"zone\":{\"type\":\"string\"}}}}]", "function_call")]
    [InlineData("2024-10-21", "\"functions\":[{\"name\":\"clock\",\"parameters\":{\"type\":\"object\",\"properties\":{\"zone\":{\"type\":\"string\"}}}}]", "function_call")]
    public async Task A_function_call_comes_in_pieces_that_are_the_whole(string version, string functions, string field)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var whole = await simulator.ChatAsync(Ask("Ask the clock", functions), version: version);
        var call = (await whole.JsonAsync()).Choice().GetProperty("message").GetProperty(field);

        using var stream = await simulator.ChatAsync(Ask("Ask the clock", functions + ",\"stream\":true"), version: version);
        var pieces = (await stream.ChunksAsync()).Skip(1).Select(chunk => chunk.Choice().GetProperty("delta"))
            .Where(delta => delta.TryGetProperty(field, out _)).Select(delta => delta.GetProperty(field)).ToList();

        pieces[0].GetProperty("name").GetString().ShouldBe("clock");
        pieces.Count.ShouldBeGreaterThan(2);
        string.Concat(pieces.Select(piece => piece.TryGetProperty("arguments", out var part) ? part.GetString() : "")).ShouldBe(call.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task There_are_never_more_tokens_than_bytes()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var stream = await simulator.ChatAsync(Ask("żółw 海 🐙 [[tokens=60]]", WithUsage));
        var chunks = await stream.ChunksAsync();

        chunks[^1].Used("completion_tokens").ShouldBeLessThanOrEqualTo(Encoding.UTF8.GetByteCount(ContentOf(chunks)));
    }
}
