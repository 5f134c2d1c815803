using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class AsyncFilterTests
{
    private const string Plan = """{"kind":"asyncFilter"}""";

    [Fact]
    public async Task Text_comes_without_results_and_they_follow_with_their_places()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var usual = await simulator.ChatAsync(Ask("Tides [[tokens=50]]", "\"stream\":true"));
        var text = ContentOf(await usual.ChunksAsync());
        await simulator.PlanAsync(Plan);

        using var stream = await simulator.ChatAsync(Ask("Tides [[tokens=50]]", "\"stream\":true"));
        var choices = (await stream.ChunksAsync()).Skip(1).Select(chunk => chunk.Choice()).ToList();

        var deltas = choices.Where(choice => choice.TryGetProperty("delta", out _)).ToList();
        string.Concat(deltas.Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")).ShouldBe(text);
        deltas.Where(choice => choice.TryGetProperty("content_filter_results", out _)).ShouldBeEmpty();
        var offsets = choices.Except(deltas).Select(choice => choice.GetProperty("content_filter_offsets")).ToList();
        // After twenty tokens, after forty, and two behind the end.
        offsets.Count.ShouldBe(4);
        offsets[1].GetProperty("start_offset").GetInt32().ShouldBe(offsets[0].GetProperty("end_offset").GetInt32());
        (offsets[3].GetProperty("end_offset").GetInt32() - offsets[0].GetProperty("start_offset").GetInt32()).ShouldBe(text.Length);
    }

    [Fact]
    public async Task Results_have_no_id_and_come_also_after_the_finish_reason()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync(Plan);

        using var stream = await simulator.ChatAsync(Ask("Tides [[tokens=5]]", "\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        var chunks = await stream.ChunksAsync();

        // Filter results, role, 5 tokens, finish, two annotations, usage.
        chunks.Count.ShouldBe(1 + 1 + 5 + 1 + 2 + 1);
        chunks[7].Choice().GetProperty("finish_reason").GetString().ShouldBe("stop");
        foreach (var chunk in chunks[8..10])
        {
            Shape.Of(chunk).ShouldStartWith("{choices:[{content_filter_offsets:{check_offset:number,start_offset:number,end_offset:number},content_filter_results:{");
            Shape.Of(chunk).ShouldEndWith("},finish_reason:null,index:number}],created:number,id:string,model:string,object:string,usage:null}");
            chunk.GetProperty("id").GetString().ShouldBeEmpty();
        }

        chunks[10].Used("completion_tokens").ShouldBe(5);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(5);
    }

    [Fact]
    public async Task What_the_filter_blocks_ends_in_its_own_chunk()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync(Plan);

        using var stream = await simulator.ChatAsync(Ask("[[filter-output]] Tides", "\"stream\":true"));
        var last = (await stream.ChunksAsync())[^1];

        last.GetProperty("id").GetString().ShouldBeEmpty();
        last.FinishReason().ShouldBe("content_filter");
        last.Choice().TryGetProperty("delta", out _).ShouldBeFalse();
        last.Choice().GetProperty("content_filter_results").GetProperty("violence").GetProperty("filtered").GetBoolean().ShouldBeTrue();
        last.Choice().GetProperty("content_filter_offsets").GetProperty("check_offset").ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task Choices_are_filtered_each_by_itself()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync(Plan);

        using var stream = await simulator.ChatAsync(Ask("Tides [[tokens=30]]", "\"stream\":true,\"n\":2"));
        var annotations = (await stream.ChunksAsync()).Skip(1).Select(chunk => chunk.Choice()).Where(choice => !choice.TryGetProperty("delta", out _));

        annotations.GroupBy(choice => choice.GetProperty("index").GetInt32()).Select(one => (one.Key, one.Count())).ShouldBe([(0, 3), (1, 3)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("2023-12-01-preview", "")]
    [InlineData("2024-10-21", """,  "tools":[{"type":"function","function":{"name":"clock"}}] """)]
    public async Task Old_versions_and_calls_are_not_filtered_later(string version, string more)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync(Plan);

        using var stream = await simulator.ChatAsync(Ask("What does the clock say", "\"stream\":true" + more), version: version);

        (await stream.TextAsync()).ShouldNotContain("content_filter_offsets");
    }
}
