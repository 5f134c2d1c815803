using System.Collections.Frozen;
using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Embeddings;

/// <summary>An embeddings body that has passed every check.</summary>
internal sealed record EmbeddingsRequest(IReadOnlyList<string> Inputs, int PromptTokens, int Dimensions, bool IsBase64)
{
    private const int MostInputs = 2_048;
    private static readonly FrozenDictionary<string, string> SinceByName = new[] { "input", "model", "user", "input_type", "encoding_format" }
        .Select(name => KeyValuePair.Create(name, "")).Append(new("dimensions", "2024-02-01")).ToFrozenDictionary();

    public static EmbeddingsRequest Read(Call call)
    {
        var arguments = new Arguments(call.Body);
        arguments.RefuseUnknown(SinceByName, call.ApiVersion);
        var input = arguments.Any("input") ?? throw new RefusedException(OpenAIProblems.Missing("input"));
        var isBase64 = arguments.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw new RefusedException(OpenAIProblems.InvalidValue("encoding_format", other, "'float' and 'base64'")),
        };
        var (inputs, tokens) = ReadInputs(input, call.Model);
        return new(inputs, tokens, DimensionsOf(arguments, call.Model), isBase64);
    }

    private static int DimensionsOf(Arguments arguments, Model model)
    {
        if (arguments.Any("dimensions") is not { } asked)
            return model.Dimensions;
        if (model.Name == "text-embedding-ada-002")
            throw new RefusedException(OpenAIProblems.Invalid("This model does not support specifying dimensions.", null, null));
        if (asked.ValueKind != JsonValueKind.Number || !asked.TryGetInt32(out var dimensions))
            throw new RefusedException(OpenAIProblems.WrongType("dimensions", "an integer", asked));
        if (dimensions < 1)
            throw new RefusedException(OpenAIProblems.Invalid($"{dimensions} is less than the minimum of 1 - 'dimensions'", null, null));
        return dimensions <= model.Dimensions ? dimensions : throw new RefusedException(OpenAIProblems.Invalid(
            $"Invalid value for 'dimensions' = {dimensions}. Must be less than or equal to {model.Dimensions}.", "dimensions", null));
    }

    private static (List<string> Inputs, int Tokens) ReadInputs(JsonElement input, Model model)
    {
        var inputs = new List<string>();
        var total = 0;
        if (input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0 && input[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
        {
            if (input.GetArrayLength() > MostInputs)
                throw new RefusedException(OpenAIProblems.ArrayTooLong("input", MostInputs, input.GetArrayLength()));
            foreach (var item in input.EnumerateArray())
                Add(item);
        }
        else
        {
            Add(input);
        }

        return (inputs, total);

        void Add(JsonElement item)
        {
            var isTokens = item.ValueKind == JsonValueKind.Array && item.GetArrayLength() > 0 && item.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number);
            if (!isTokens && item is not { ValueKind: JsonValueKind.String } || item.ValueKind == JsonValueKind.String && item.GetString()!.Length == 0)
                throw new RefusedException(OpenAIProblems.Invalid("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", null, null));
            var text = isTokens ? string.Join(' ', item.EnumerateArray().Select(token => token.GetRawText())) : item.GetString()!;
            var tokens = isTokens ? item.GetArrayLength() : Tokenizer.Count(text);
            if (tokens > model.ContextTokens)
                throw new RefusedException(OpenAIProblems.Invalid(
                    $"This model's maximum context length is {model.ContextTokens} tokens, however you requested {tokens} tokens ({tokens} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.", null, null));
            total += tokens;
            inputs.Add(text);
        }
    }
}
