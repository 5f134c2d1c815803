using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class CompletionsTests
{
    [Fact]
    public async Task Without_a_limit_sixteen_tokens_are_written()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.CompleteAsync("""{"prompt":"Once upon a time [[tokens=99]]"}""");
        var answer = await response.JsonAsync();

        answer.Used("completion_tokens").ShouldBe(16);
        answer.FinishReason().ShouldBe("length");
    }

    [Fact]
    public async Task What_is_too_long_is_refused_without_a_code()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.CompleteAsync("""{"prompt":"Once","max_tokens":4097}""");

        (await answer.TextAsync()).ShouldBe("""
            {"error":{"message":"This model's maximum context length is 4097 tokens, however you requested 4098 tokens (1 in your prompt; 4097 for the completion). Please reduce your prompt; or completion length.","type":"invalid_request_error","param":null,"code":null}}
            """.Trim());
    }

    [Fact]
    public async Task The_model_and_the_time_it_took_are_in_the_headers()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(["--latency", "ttft=250ms"], time);

        var pending = simulator.CompleteAsync("""{"prompt":"Once"}""");
        await time.TimerAsync();
        time.AdvanceToNext();
        using var answer = await pending;

        answer.Headers.GetValues("openai-model").ShouldBe(["gpt-35-turbo-instruct"]);
        answer.Headers.GetValues("openai-processing-ms").ShouldBe(["250"]);
    }

    [Fact]
    public async Task Choices_are_numbered_through_all_prompts()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.CompleteAsync("""{"prompt":["One","Two",[1,2,3]],"n":2}""");
        var answer = await response.JsonAsync();

        answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2, 3, 4, 5]);
        answer.GetProperty("prompt_filter_results").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task The_best_of_several_are_all_billed()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.CompleteAsync("""{"prompt":"One","best_of":3,"n":1}""");
        var answer = await response.JsonAsync();

        answer.GetProperty("choices").GetArrayLength().ShouldBe(1);
        answer.Used("completion_tokens").ShouldBe(3 * 16);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(3 * 16);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Streamed_and_whole_are_the_same(string echo)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var whole = await simulator.CompleteAsync($$"""{"prompt":"Rivers","max_tokens":30,"echo":{{echo}}}""");
        var answer = await whole.JsonAsync();

        using var stream = await simulator.CompleteAsync($$$"""{"prompt":"Rivers","max_tokens":30,"echo":{{{echo}}},"stream":true,"stream_options":{"include_usage":true}}""");
        var chunks = await stream.ChunksAsync();

        ContentOf(chunks).ShouldBe(answer.Choice().GetProperty("text").GetString());
        answer.Choice().GetProperty("text").GetString()!.StartsWith("Rivers", StringComparison.Ordinal).ShouldBe(echo == "true");
        chunks[^1].Used("completion_tokens").ShouldBe(30);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(60);
    }
}
