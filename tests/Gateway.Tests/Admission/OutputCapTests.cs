namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>The event's cap on output tokens is 512 here; nothing a body says gets past it.</summary>
public sealed class OutputCapTests(OutputCapTests.CappedGateway fixture) : IClassFixture<OutputCapTests.CappedGateway>
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    [Theory]
    [InlineData("", "512")]
    [InlineData("\"max_tokens\":null,", "512")]
    [InlineData("\"max_tokens\":100,", "100")]
    [InlineData("\"max_tokens\":512,", "512")]
    [InlineData("\"max_tokens\":513,", "512")]
    [InlineData("\"max_tokens\":513.0,", "512")]
    [InlineData("\"max_tokens\":5.13e2,", "512")]
    [InlineData("\"max_tokens\":1e300,", "512")]
    [InlineData("\"max_tokens\":99999999999999999999,", "512")]
    [InlineData("\"max\\u005ftokens\":513,", "512")]
    [InlineData("\"max_completion_tokens\":100,", "100")]
    [InlineData("\"max_completion_tokens\":513,", "512")]
    [InlineData("\"max\\u005fcompletion_tokens\":513,", "512")]
    [InlineData("\"max_tokens\":100,\"max_completion_tokens\":9000,", "100")]
    [InlineData("\"max_completion_tokens\":100,\"max_tokens\":9000,", "100")]
    [InlineData("\"max_tokens\":9000,\"max_completion_tokens\":9000,", "512")]
    [InlineData("\"max_tokens\":null,\"max_completion_tokens\":9000,", "512")]
    [InlineData("\"max_completion_tokens\":null,\"max_tokens\":9000,", "512")]
    [InlineData("\"n\":4,", "128")]
    [InlineData("\"n\":4.0,\"max_tokens\":200,", "128")]
    [InlineData("\"n\":4,\"max_tokens\":100,", "100")]
    [InlineData("\"best_of\":8,", "64")]
    [InlineData("\"n\":2,\"best_of\":8,\"max_completion_tokens\":65,", "64")]
    public async Task A_chat_model_gets_max_tokens_only_and_no_more_than_the_cap_over_all_choices(string fields, string expected)
    {
        var seen = await SeenAsync(Asking.Chat, "{" + fields + Messages + "}");

        seen.Field("max_tokens")?.GetRawText().ShouldBe(expected);
        seen.Field("max_completion_tokens").ShouldBeNull();
    }

    [Theory]
    [InlineData("", "700")]
    [InlineData("\"max_tokens\":100,", "100")]
    [InlineData("\"max_tokens\":701,", "700")]
    [InlineData("\"max_completion_tokens\":100,", "100")]
    [InlineData("\"max_completion_tokens\":99999,\"max_tokens\":200,", "200")]
    [InlineData("\"n\":7,", "100")]
    public async Task A_reasoning_model_gets_max_completion_tokens_only(string fields, string expected)
    {
        var seen = await SeenAsync(Asking.Chat, "{\"model\":\"o3-mini\"," + fields + Messages + "}");

        seen.Field("max_completion_tokens")?.GetRawText().ShouldBe(expected);
        seen.Field("max_tokens").ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"prompt":"a"}""", null)]
    [InlineData("""{"prompt":"a","max_tokens":600}""", "512")]
    [InlineData("""{"prompt":"a","max_tokens":300,"best_of":4}""", "128")]
    [InlineData("""{"prompt":["a","b","c","d"],"max_tokens":300}""", "128")]
    [InlineData("""{"prompt":["a","b","c","d"],"max_tokens":300,"n":2}""", "64")]
    [InlineData("""{"prompt":[1,2,3,4],"max_tokens":300}""", "300")]
    [InlineData("""{"prompt":[[1,2],[3,4]],"max_tokens":300}""", "256")]
    public async Task Completions_count_their_prompts_and_default_to_sixteen_tokens(string body, string? expected)
    {
        var seen = await SeenAsync(Asking.Completions, body);

        seen.Field("max_tokens")?.GetRawText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"max_tokens\":\"513\",", "max_tokens")]
    [InlineData("\"max_tokens\":513.5,", "max_tokens")]
    [InlineData("\"max_tokens\":-1,", "max_tokens")]
    [InlineData("\"max_tokens\":true,", "max_tokens")]
    [InlineData("\"max_completion_tokens\":{\"a\":1},", "max_completion_tokens")]
    [InlineData("\"n\":0,", "n")]
    [InlineData("\"n\":\"2\",", "n")]
    [InlineData("\"best_of\":-4,", "best_of")]
    [InlineData("\"best_of\":1.5,", "best_of")]
    public async Task What_is_no_number_of_tokens_or_answers_is_refused_by_name(string fields, string param)
    {
        var answer = await fixture.Gateway.Client.AskAsync(Asking.Chat, "{" + fields + Messages + "}");

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("invalid_value");
        answer.Error.GetProperty("param").GetString().ShouldBe(param);
    }

    [Theory]
    [InlineData("\"n\":513,")]
    [InlineData("\"n\":9223372036854775807,\"best_of\":1e30,")]
    public async Task More_answers_than_the_cap_has_tokens_are_refused(string fields)
    {
        var answer = await fixture.Gateway.Client.AskAsync(Asking.Chat, "{" + fields + Messages + "}");

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("too_many_choices");
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    [InlineData("n")]
    [InlineData("model")]
    [InlineData("stream")]
    public async Task A_field_that_matters_may_stand_there_once_only(string name)
    {
        var value = name switch { "model" => "\"gpt-4o\"", "stream" => "false", _ => "1" };
        foreach (var second in new[] { name, string.Concat(name.Select(c => $"\\u{(int)c:x4}")) })
        {
            var answer = await fixture.Gateway.Client.AskAsync(Asking.Chat, $$"""{"{{name}}":{{value}},{{Messages}},"{{second}}":{{value}}}""");

            answer.Status.ShouldBe(400);
            answer.Code.ShouldBe("duplicate_field");
        }
    }

    [Fact]
    public async Task What_is_below_the_cap_is_not_touched()
    {
        var body = "{\"max_tokens\": 512.0 ," + Messages + "}";

        await fixture.Gateway.Client.AskAsync(Asking.Chat, body);

        (await fixture.Gateway.Simulator.RequestsAsync())[^1].Body.ShouldBe(body);
    }

    private async Task<SimulatedRequest> SeenAsync(string path, string body)
    {
        // What counts is what arrives there, whether the backend likes it or not.
        var before = (await fixture.Gateway.Simulator.RequestsAsync()).Count;
        var answer = await fixture.Gateway.Client.AskAsync(path, body);
        var seen = await fixture.Gateway.Simulator.RequestsAsync();
        seen.Count.ShouldBe(before + 1, answer.Body);
        return seen[^1];
    }

    public sealed class CappedGateway : IAsyncLifetime
    {
        public GatewayUnderTest Gateway { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Gateway.StartAsync();
            await Gateway.AddModelAsync(GatewayUnderTest.ReasoningModel);
            await Gateway.ChangeAsync(async change => await change.Backends.PutAsync(
                (await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2024-12-01-preview" }));
            await Gateway.ChangeEventAsync(e => e with { OutputCap = 512, ReasoningOutputCap = 700 });
        }

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
