using System.Runtime.InteropServices;
using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>
/// What the caller expects the answer to be. Its tokens that the answer does not have are billed like those it has.
/// https://learn.microsoft.com/azure/ai-foundry/openai/how-to/predicted-outputs
/// </summary>
internal static class Prediction
{
    // As that page lists them. Penalties of 0 are taken.
    private static readonly string[] NotBeside = ["tools", "functions", "audio", "logprobs", "max_completion_tokens"];

    /// <returns>The text, or null where nothing is predicted.</returns>
    public static string? Read(Arguments arguments, Model model)
    {
        if (arguments.Object("prediction") is not { } prediction)
            return null;
        if (model.Kind == ModelKind.Reasoning)
            throw new RefusedException(OpenAIProblems.UnsupportedParameter("prediction"));
        foreach (var name in NotBeside)
            if (arguments.Any(name) is { ValueKind: not JsonValueKind.False })
                throw new RefusedException(NotTogether(name));
        if (arguments.Integer("n", 1) > 1)
            throw new RefusedException(NotTogether("n"));
        foreach (var name in new[] { "presence_penalty", "frequency_penalty" })
            if (arguments.Decimal(name, -2, 2) > 0)
                throw new RefusedException(NotTogether(name));
        var fields = new Arguments(prediction);
        if (fields.Text("type") is not "content" and var type)
            throw new RefusedException(type is null ? OpenAIProblems.Missing("prediction.type") : OpenAIProblems.InvalidValue("prediction.type", type, "'content'"));
        return Text(fields.Any("content") ?? throw new RefusedException(OpenAIProblems.Missing("prediction.content")));
    }

    /// <summary>How many tokens of the prediction the answer has, wherever they stand there, and how many it does not have.</summary>
    /// <remarks>
    /// The rejected ones come on top of what the output limit allows: they are said to count towards it, but not that the answer
    /// ends earlier for it. This is the dearest that it can be.
    /// </remarks>
    public static (int Accepted, int Rejected) Compare(string prediction, string answer)
    {
        var left = new Dictionary<string, int>();
        foreach (var token in Tokens(answer))
            CollectionsMarshal.GetValueRefOrAddDefault(left, token, out _)++;
        var (accepted, all) = (0, 0);
        foreach (var token in Tokens(prediction))
        {
            all++;
            if (!left.TryGetValue(token, out var count) || count == 0)
                continue;
            left[token] = count - 1;
            accepted++;
        }

        return (accepted, all - accepted);
    }

    private static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : throw new RefusedException(OpenAIProblems.Missing("prediction.content[].text")))),
        _ => throw new RefusedException(OpenAIProblems.WrongType("prediction.content", "one of a string or array of objects", content)),
    };

    private static IEnumerable<string> Tokens(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Tokenizer.NextLength(text.AsSpan(at));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static Problem NotTogether(string name) => OpenAIProblems.Invalid($"Unsupported parameter: '{name}' is not supported with 'prediction'.", name, "unsupported_parameter");
}
