using System.Text.Json;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Each file in Wire/ is a request and an answer of the live service's shape, with values of our own.</summary>
public sealed class WireTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Wire");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Answers_have_the_shape_of_the_service(string file)
    {
        using var fixture = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file)));
        var expected = fixture.RootElement;
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await SendAsync(simulator, expected);

        ((int)answer.StatusCode).ShouldBe(expected.GetProperty("status").GetInt32());
        if (expected.TryGetProperty("events", out var events))
            Shape.Collapse((await answer.ChunksAsync()).Select(Shape.Of)).ShouldBe(Shape.Collapse(events.EnumerateArray().Select(Shape.Of)));
        else
            Shape.Of(await answer.JsonAsync()).ShouldBe(Shape.Of(expected.GetProperty("answer")));
    }

    private static Task<HttpResponseMessage> SendAsync(SimulatorUnderTest simulator, JsonElement fixture)
    {
        var line = fixture.GetProperty("request").GetString()!.Split(' ');
        return line[0] == "GET" ? simulator.Http.GetAsync(line[1]) : simulator.PostAsync(line[1], fixture.GetProperty("body").GetRawText());
    }
}
