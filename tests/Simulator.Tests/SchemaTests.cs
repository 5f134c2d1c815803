using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Schemas that nobody means well with: whoever can ask for an answer by a schema must not be able to end the simulator by it.</summary>
public sealed class SchemaTests
{
    // Whole answers, so that they can be read; the longest has some 100 KB.
    private const string Long = "\"max_tokens\":16384,";

    [Theory]
    [InlineData("""{"type":"array","minItems":1000000000000,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"array","minItems":1e999,"items":{"type":"string"}}""")]
    [InlineData("""{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,"items":{}}}}""")]
    [InlineData("""{"type":"array","maxItems":1000000000000,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"array","minItems":-1000000000000,"maxItems":1000000000000,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"array","minItems":5,"maxItems":2,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"array","maxItems":0,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"array","maxItems":-1e999,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"},"d":{"$ref":"#"},"e":{"$ref":"#"},"f":{"$ref":"#"},"g":{"$ref":"#"},"h":{"$ref":"#"},"i":{"$ref":"#"},"j":{"$ref":"#"}}}""")]
    [InlineData("""{"type":"array","minItems":30,"items":{"$ref":"#"}}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":5}""")]
    [InlineData("""{"$ref":"#/properties/a","properties":5}""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":[5]}""")]
    [InlineData("""{"type":{}}""")]
    [InlineData("""{"type":"string","format":5}""")]
    [InlineData("""{"type":"string","minLength":1e12}""")]
    [InlineData("""{"type":"string","minLength":-1,"maxLength":-5}""")]
    [InlineData("""{"type":"integer","minimum":1e999,"maximum":-1e999}""")]
    [InlineData("""{"type":"integer","exclusiveMaximum":-1e12}""")]
    [InlineData("""{"anyOf":[5]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"object","properties":{"c":{"anyOf":[5,[],"x"]}}}}}}}""")]
    [InlineData("""{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"oneOf":[5]}}}}}}}""")]
    [InlineData("""{"enum":[null],"const":[[[[]]]]}""")]
    public async Task No_schema_asks_for_more_than_an_answer_can_have(string schema)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, schema);

        answer.GetProperty("choices").GetArrayLength().ShouldBe(1);
        answer.Content().Length.ShouldBeLessThan(120_000);
        answer.FinishReason().ShouldBeOneOf("stop", "length");
    }

    [Theory]
    [InlineData("const")]
    [InlineData("enum")]
    [InlineData("name")]
    public async Task A_text_that_is_long_is_not_repeated_for_ever(string where)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var text = JsonSerializer.Serialize(new string('x', 20_000));
        var item = where switch
        {
            "const" => $$"""{"const":{{text}}}""",
            "enum" => $$"""{"enum":[{{text}}]}""",
            _ => $$"""{"properties":{ {{text}}:{ } } }""",
        };

        var answer = await AnswerAsync(simulator, $$"""{"type":"array","minItems":1000,"items":{{item}}}""");

        answer.Content().Length.ShouldBeInRange(20_000, 120_000);
    }

    [Fact]
    public async Task A_tool_may_have_such_a_schema_too()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await simulator.ChatAsync(Ask("What is the weather?", Long + """
            "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"array","minItems":1e12,"items":{"type":["integer"]}}}}]
            """));

        ((int)response.StatusCode).ShouldBe(200);
        (await response.JsonAsync()).FinishReason().ShouldBe("tool_calls");
    }

    [Fact]
    public async Task As_many_items_as_are_asked_for_are_written_where_that_is_a_sensible_number()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, """{"type":"array","minItems":200,"maxItems":200,"items":{"type":"string","minLength":40}}""");

        using var items = JsonDocument.Parse(answer.Content());
        items.RootElement.EnumerateArray().Select(item => item.GetString()!.Length >= 40).ShouldBe(Enumerable.Repeat(true, 200));
    }

    [Theory]
    [InlineData("number", "\"minimum\":0,\"maximum\":0.5", 0, 0.5)]
    [InlineData("number", "\"minimum\":0.2,\"maximum\":0.8", 0.2, 0.8)]
    [InlineData("number", "\"exclusiveMinimum\":0,\"exclusiveMaximum\":1", 0.01, 0.99)]
    [InlineData("number", "\"maximum\":-1.5", -1e12, -1.5)]
    [InlineData("integer", "\"minimum\":0.5,\"maximum\":2.5", 1, 2)]
    [InlineData("integer", "\"exclusiveMinimum\":1.5,\"exclusiveMaximum\":2.5", 2, 2)]
    public async Task A_number_keeps_to_its_bounds(string type, string bounds, double least, double most)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var answer = await AnswerAsync(simulator, $$$"""{"type":"array","minItems":50,"items":{"type":"{{{type}}}",{{{bounds}}}}}""");

        using var items = JsonDocument.Parse(answer.Content());
        items.RootElement.EnumerateArray().ShouldAllBe(item => item.GetDouble() >= least && item.GetDouble() <= most);
    }

    [Fact]
    public async Task A_constant_may_be_as_deep_as_a_body_can_be()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var deep = $"{string.Concat(Enumerable.Repeat("[", 56))}{new string(']', 56)}";
        var shape = Enumerable.Range(0, 10).Aggregate("""{"$ref":"#/$defs/deep"}""", (inner, _) => $$$"""{"properties":{"inner":{{{inner}}}}}""");

        var answer = await AnswerAsync(simulator, $$$"""{"$defs":{"deep":{"const":{{{deep}}}}},"anyOf":[{{{shape}}}]}""");

        answer.Content().ShouldContain(deep);
    }

    private static async Task<JsonElement> AnswerAsync(SimulatorUnderTest simulator, string schema)
    {
        using var answer = await simulator.ChatAsync(Ask("A list", $$$"""{{{Long}}}"response_format":{"type":"json_schema","json_schema":{"name":"list","schema":{{{schema}}}}}"""));
        ((int)answer.StatusCode).ShouldBe(200, await answer.TextAsync());
        return await answer.JsonAsync();
    }
}
