using System.Text.Json;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>
/// What admission takes a request for: the characters of its prompt and the output it asks for, not what it will be billed.
/// https://learn.microsoft.com/azure/ai-services/openai/how-to/quota
/// </summary>
internal static class Estimator
{
    // Seen on the live service: a chat without a limit is admitted as if it had asked for 16.
    private const long UsualOutput = 16;

    // More answers are refused, but only after they have been counted.
    private const int MostAnswers = 128;

    public static long Estimate(JsonDocument? document)
    {
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
            return UsualOutput;
        var characters = 0L;
        var output = UsualOutput;
        var best = 1L;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is "messages" or "prompt" or "input")
                characters = Characters(property.Value);
            if (property.Name is "input")
                output = 0;
            if (property.Name is "max_tokens" or "max_completion_tokens" && property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var asked))
                output = Math.Max(0, asked);
            if (property.Name is "best_of" or "n" && property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var count))
                best = Math.Max(best, Math.Min(count, MostAnswers));
        }

        return (characters + 3) / 4 + output * best;
    }

    private static long Characters(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Length,
        // A token of an array of tokens is four characters, as elsewhere.
        JsonValueKind.Number => 4,
        JsonValueKind.Array => element.EnumerateArray().Sum(Characters),
        JsonValueKind.Object => element.EnumerateObject().Where(property => property.Name is "content" or "text" or "name").Sum(property => Characters(property.Value)),
        _ => 0,
    };
}
