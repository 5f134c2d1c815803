using System.Text.Json;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Ways to look at an answer.</summary>
internal static class Answers
{
    public static string Ask(string question, string more = "") =>
        $$"""{"messages":[{"role":"user","content":{{JsonSerializer.Serialize(question)}}}]{{(more.Length == 0 ? "" : "," + more)}}}""";

    public static Task<string> TextAsync(this HttpResponseMessage answer) => answer.Content.ReadAsStringAsync();

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.TextAsync());
        return document.RootElement.Clone();
    }

    /// <summary>The data of each event; the answer must end with [DONE], which is left out.</summary>
    public static async Task<List<JsonElement>> ChunksAsync(this HttpResponseMessage answer)
    {
        var events = (await answer.TextAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events[^1].ShouldBe("data: [DONE]");
        return [.. events[..^1].Select(Data)];
    }

    public static JsonElement Data(string @event)
    {
        @event.ShouldStartWith("data: ");
        using var document = JsonDocument.Parse(@event["data: ".Length..]);
        return document.RootElement.Clone();
    }

    public static string ContentOf(IEnumerable<JsonElement> chunks, int index = 0) => string.Concat(chunks
        .SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
        .Where(choice => choice.GetProperty("index").GetInt32() == index)
        .Select(choice => choice.TryGetProperty("text", out var text) ? text.GetString()
            : choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    public static JsonElement Choice(this JsonElement answer, int index = 0) => answer.GetProperty("choices")[index];

    public static string Content(this JsonElement answer, int index = 0) => answer.Choice(index).GetProperty("message").GetProperty("content").GetString()!;

    public static string FinishReason(this JsonElement answer, int index = 0) => answer.Choice(index).GetProperty("finish_reason").GetString()!;

    public static int Used(this JsonElement answer, string field) => answer.GetProperty("usage").GetProperty(field).GetInt32();

    public static long Total(this JsonElement served, string field) => served.GetProperty("total").GetProperty(field).GetInt64();
}
