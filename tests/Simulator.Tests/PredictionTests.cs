using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class PredictionTests
{
    [Fact]
    public async Task A_prediction_that_is_the_answer_is_accepted_and_costs_nothing_more()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var plain = await (await ChatAsync(simulator, Ask("Tell me about tides"))).JsonAsync();

        var predicted = await (await ChatAsync(simulator, Ask("Tell me about tides", Predicting(plain.Content())))).JsonAsync();

        predicted.Content().ShouldBe(plain.Content());
        predicted.Used("completion_tokens").ShouldBe(plain.Used("completion_tokens"));
        Detail(predicted, "accepted_prediction_tokens").ShouldBe(plain.Used("completion_tokens"));
        Detail(predicted, "rejected_prediction_tokens").ShouldBe(0);
    }

    [Theory]
    [InlineData("\"zzz zzz zzz zzz\"")]
    [InlineData("""[{"type":"text","text":"zzz zzz"},{"type":"text","text":" zzz zzz"}]""")]
    public async Task Rejected_tokens_are_billed_beside_those_of_the_answer_and_beyond_its_limit(string content)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var body = Ask("Tell me about tides", $$"""
            "max_tokens":5,"prediction":{"type":"content","content":{{content}}},"stream":false
            """);

        var whole = await (await ChatAsync(simulator, body)).JsonAsync();
        var chunks = await (await ChatAsync(simulator, body.Replace("\"stream\":false", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal))).ChunksAsync();

        foreach (var answer in new[] { whole, chunks[^1] })
        {
            Detail(answer, "rejected_prediction_tokens").ShouldBe(4);
            answer.Used("completion_tokens").ShouldBe(5 + 4);
        }
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(2 * (5 + 4));
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"max_completion_tokens\":5", "max_completion_tokens")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"frequency_penalty\":0.5", "frequency_penalty")]
    [InlineData("""
        "tools":[{"type":"function","function":{"name":"f"}}]
        """, "tools")]
    public async Task What_does_not_go_with_a_prediction_is_refused(string field, string name)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await ChatAsync(simulator, Ask("Tell me about tides", field + "," + Predicting("x")));

        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.JsonAsync()).GetProperty("error").GetProperty("param").GetString().ShouldBe(name);
    }

    private static Task<HttpResponseMessage> ChatAsync(SimulatorUnderTest simulator, string body) => simulator.ChatAsync(body, version: "2025-01-01-preview");

    private static string Predicting(string text) => $$"""
        "prediction":{"type":"content","content":{{JsonSerializer.Serialize(text)}}}
        """;

    private static int Detail(JsonElement answer, string field) =>
        answer.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty(field).GetInt32();
}
