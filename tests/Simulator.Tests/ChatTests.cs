using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class ChatTests
{
    [Fact]
    public async Task The_answer_depends_on_the_prompt_and_on_nothing_else()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await using var other = await SimulatorUnderTest.StartAsync();

        var first = await AnswerAsync(simulator, Ask("Tell me about tides"));

        (await AnswerAsync(other, Ask("Tell me about tides"))).Content().ShouldBe(first.Content());
        (await AnswerAsync(simulator, Ask("Tell me about glaciers"))).Content().ShouldNotBe(first.Content());
    }

    [Fact]
    public async Task The_seed_of_the_simulator_and_that_of_the_request_change_the_answer()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await using var other = await SimulatorUnderTest.StartAsync(["--seed", "2"]);

        var plain = (await AnswerAsync(simulator, Ask("Tell me about tides"))).Content();

        (await AnswerAsync(other, Ask("Tell me about tides"))).Content().ShouldNotBe(plain);
        (await AnswerAsync(simulator, Ask("Tell me about tides", "\"seed\":7"))).Content().ShouldNotBe(plain);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775807")]
    public async Task A_seed_is_any_integer_of_64_bits(string seed)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var plain = (await AnswerAsync(simulator, Ask("Tell me about tides"))).Content();

        (await AnswerAsync(simulator, Ask("Tell me about tides", $"\"seed\":{seed}"))).Content().ShouldNotBe(plain);

        using var completion = await simulator.CompleteAsync($$"""{"prompt":"Tides","seed":{{seed}}}""");
        ((int)completion.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("0.5")]
    [InlineData("\"7\"")]
    public async Task A_seed_that_is_none_is_refused(string seed)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(Ask("Tell me about tides", $"\"seed\":{seed}"));

        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.TextAsync()).ShouldContain("Invalid type for 'seed': expected an integer");
    }

    [Fact]
    public async Task A_poem_has_lines_and_words_of_the_prompt()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var poem = (await AnswerAsync(simulator, Ask("Write a poem about lighthouses"))).Content();

        poem.Split('\n').Length.ShouldBeGreaterThan(6);
        poem.ShouldContain("lighthouses");
    }

    [Fact]
    public async Task The_usage_adds_up_and_is_what_was_served()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("Count with me", "\"n\":3"));

        answer.Used("total_tokens").ShouldBe(answer.Used("prompt_tokens") + answer.Used("completion_tokens"));
        var served = await simulator.ServedAsync();
        served.Total("promptTokens").ShouldBe(answer.Used("prompt_tokens"));
        served.Total("completionTokens").ShouldBe(answer.Used("completion_tokens"));
        served.GetProperty("deployments").GetProperty("gpt-4o").GetProperty("completed").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Messages_count_three_each_a_name_one_and_the_answer_is_primed_with_three()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, """{"messages":[{"role":"system","content":"be kind"},{"role":"user","name":"eve","content":"hi"}]}""");

        // 3 to prime; 3 + system + be + kind; 3 + user + hi + eve + 1 for having a name.
        answer.Used("prompt_tokens").ShouldBe(3 + (3 + 1 + 2) + (3 + 1 + 1 + 1 + 1));
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_limit_of_tokens_ends_the_answer_there(string field)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var whole = await AnswerAsync(simulator, Ask("Tell me about tides"));
        var cut = await AnswerAsync(simulator, Ask("Tell me about tides", $"\"{field}\":5"));

        cut.Used("completion_tokens").ShouldBe(5);
        cut.FinishReason().ShouldBe("length");
        whole.Content().ShouldStartWith(cut.Content());
    }

    [Fact]
    public async Task What_a_search_in_data_found_stands_beside_the_answer()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var whole = await simulator.ChatAsync(Ask("Hello", "\"data_sources\":[]"));
        using var stream = await simulator.ChatAsync(Ask("Hello", "\"data_sources\":[],\"stream\":true"));

        var context = (await whole.JsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("context");
        context.GetProperty("citations")[0].GetProperty("content").GetString().ShouldNotBeNullOrEmpty();
        (await stream.ChunksAsync())[1].GetProperty("choices")[0].GetProperty("delta").GetProperty("context").GetRawText().ShouldBe(context.GetRawText());
    }

    [Fact]
    public async Task The_prompt_may_ask_for_a_length()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("Tides [[tokens=700]]"));

        answer.Used("completion_tokens").ShouldBe(700);
        answer.FinishReason().ShouldBe("stop");
    }

    [Fact]
    public async Task A_stop_sequence_ends_the_answer_before_it()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var whole = (await AnswerAsync(simulator, Ask("Tell me about tides"))).Content();

        var cut = await AnswerAsync(simulator, Ask("Tell me about tides", """ "stop":["@@","."] """));

        cut.Content().ShouldBe(whole[..whole.IndexOf('.', StringComparison.Ordinal)]);
        cut.FinishReason().ShouldBe("stop");
    }

    [Fact]
    public async Task Several_choices_differ()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("Tell me about tides", "\"n\":3"));

        Enumerable.Range(0, 3).Select(index => answer.Content(index)).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_tool_that_the_prompt_names_is_called_with_arguments_of_its_schema()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("Use book_table, please", """
            "tools":[{"type":"function","function":{"name":"other"}},{"type":"function","function":{"name":"book_table","parameters":{"type":"object","properties":{
              "guests":{"type":"integer","minimum":2,"maximum":4},"place":{"enum":["inside","outside"]},"wishes":{"type":"array","items":{"type":"string"}}},"required":["guests"]}}}]
            """));

        var call = answer.Choice().GetProperty("message").GetProperty("tool_calls").EnumerateArray().Single().GetProperty("function");
        call.GetProperty("name").GetString().ShouldBe("book_table");
        using var arguments = JsonDocument.Parse(call.GetProperty("arguments").GetString()!);
        arguments.RootElement.GetProperty("guests").GetInt32().ShouldBeInRange(2, 4);
        arguments.RootElement.GetProperty("place").GetString().ShouldBeOneOf("inside", "outside");
        answer.FinishReason().ShouldBe("tool_calls");
    }

    [Theory]
    [InlineData("\"none\"", "stop", 0)]
    [InlineData("\"auto\"", "stop", 0)]
    [InlineData("\"required\"", "tool_calls", 1)]
    [InlineData("""{"type":"function","function":{"name":"second"}}""", "stop", 1)]
    public async Task The_tool_choice_decides_whether_a_tool_is_called(string choice, string finishReason, int calls)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("Hello", $$$"""
            "tools":[{"type":"function","function":{"name":"first"}},{"type":"function","function":{"name":"second"}}],"tool_choice":{{{choice}}}
            """));

        answer.FinishReason().ShouldBe(finishReason);
        var message = answer.Choice().GetProperty("message");
        (message.TryGetProperty("tool_calls", out var called) ? called.GetArrayLength() : 0).ShouldBe(calls);
    }

    [Fact]
    public async Task With_the_result_of_a_tool_the_model_answers_in_words()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, """
            {"messages":[{"role":"user","content":"Ask clock"},
              {"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"clock","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"noon"}],
             "tools":[{"type":"function","function":{"name":"clock"}}]}
            """);

        answer.FinishReason().ShouldBe("stop");
        answer.Content().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_schema_for_the_answer_is_kept_to()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("A recipe", """
            "response_format":{"type":"json_schema","json_schema":{"name":"recipe","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["title","minutes","steps"],
              "properties":{"title":{"type":"string"},"minutes":{"type":"integer"},"steps":{"type":"array","minItems":2,"items":{"$ref":"#/$defs/step"}}},
              "$defs":{"step":{"type":"object","properties":{"text":{"type":"string"},"next":{"anyOf":[{"$ref":"#/$defs/step"},{"type":"null"}]}}}}}}}
            """));

        using var recipe = JsonDocument.Parse(answer.Content());
        recipe.RootElement.GetProperty("minutes").ValueKind.ShouldBe(JsonValueKind.Number);
        recipe.RootElement.GetProperty("steps").GetArrayLength().ShouldBeGreaterThanOrEqualTo(2);
        recipe.RootElement.GetProperty("steps")[0].GetProperty("text").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_reasoning_model_counts_its_thoughts_within_the_completion()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.ChatAsync(Ask("Hello"), "o3-mini", "2024-12-01-preview");
        var answer = await response.JsonAsync();

        var thoughts = answer.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32();
        thoughts.ShouldBeGreaterThan(0);
        answer.Used("completion_tokens").ShouldBeGreaterThan(thoughts);
    }

    [Fact]
    public async Task Thoughts_can_use_up_the_whole_limit()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.ChatAsync(Ask("Hello", "\"max_completion_tokens\":40"), "o3-mini", "2024-12-01-preview");
        var answer = await response.JsonAsync();

        answer.FinishReason().ShouldBe("length");
        answer.Content().ShouldBeEmpty();
        answer.Used("completion_tokens").ShouldBe(40);
    }

    [Fact]
    public async Task Output_that_the_filter_stops_says_so()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, Ask("[[filter-output]] Tell me about tides"));

        answer.FinishReason().ShouldBe("content_filter");
        answer.Choice().GetProperty("content_filter_results").GetProperty("violence").GetProperty("filtered").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_has_the_headers_of_the_service()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        simulator.Http.DefaultRequestHeaders.Add("x-ms-client-request-id", "mine");

        using var answer = await simulator.ChatAsync(Ask("Hello"));

        foreach (var name in new[] { "apim-request-id", "x-request-id", "x-ms-region", "azureml-model-session", "x-ratelimit-limit-requests",
                     "x-ratelimit-limit-tokens", "openai-processing-ms", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens", "Strict-Transport-Security" })
            answer.Headers.Contains(name).ShouldBeTrue(name);
        answer.Headers.GetValues("x-ms-deployment-name").ShouldBe(["gpt-4o"]);
        answer.Headers.GetValues("x-ms-rai-invoked").ShouldBe(["true"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("x-ms-client-request-id").ShouldBe(["mine"]);
        (await simulator.RequestsAsync()).Single().GetProperty("id").GetString().ShouldBe(answer.Headers.GetValues("x-request-id").Single());
    }

    private static async Task<JsonElement> AnswerAsync(SimulatorUnderTest simulator, string body)
    {
        using var answer = await simulator.ChatAsync(body);
        ((int)answer.StatusCode).ShouldBe(200, await answer.TextAsync());
        return await answer.JsonAsync();
    }
}
