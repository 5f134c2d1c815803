using System.Collections.Frozen;
using System.Text.Json;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Completions;

internal sealed record CompletionsPrompt(string Text, int Tokens);

/// <summary>A completions body that has passed every check.</summary>
/// <param name="BestOf">How many are generated for each prompt, of which <paramref name="Choices"/> are sent.</param>
internal sealed record CompletionsRequest(
    IReadOnlyList<CompletionsPrompt> Prompts, int Choices, int BestOf, int MostTokens, string[] Stops, bool IsStream, StreamOptions StreamOptions, bool Echo, ulong Seed)
{
    private const int UsualTokens = 16;
    private const int MostChoices = 128;
    private static readonly FrozenDictionary<string, string> SinceByName = new[]
    {
        "prompt", "model", "max_tokens", "temperature", "top_p", "logit_bias", "user", "n", "stream", "logprobs", "suffix", "echo", "stop",
        "presence_penalty", "frequency_penalty", "best_of", "seed", "completion_config", "cache_level", "metadata",
    }.Select(name => KeyValuePair.Create(name, "")).Append(new("stream_options", "2024-09-01")).ToFrozenDictionary();

    public long PromptTokens => Prompts.Sum(prompt => (long)prompt.Tokens);

    public static CompletionsRequest Read(Call call)
    {
        var arguments = new Arguments(call.Body);
        arguments.RefuseUnknown(SinceByName, call.ApiVersion);
        var isStream = arguments.Boolean("stream");
        call.Entry.Streamed = isStream;
        arguments.Decimal("temperature", 0, 2);
        arguments.Decimal("top_p", 0, 1);
        var choices = arguments.Integer("n", 1, MostChoices) ?? 1;
        var bestOf = arguments.Integer("best_of", 1, MostChoices) ?? choices;
        if (bestOf < choices)
            throw new RefusedException(OpenAIProblems.Invalid(
                $"You requested that the server return more choices than it will generate (HINT: you must set 'n' (currently {choices}) to be at most 'best_of' (currently {bestOf}).)", "best_of", null));
        if (isStream && bestOf > choices)
            throw new RefusedException(OpenAIProblems.Invalid("Results cannot be streamed when 'best_of' is greater than 'n'.", "best_of", null));
        var prompts = ReadPrompts(arguments.Any("prompt"));
        var most = arguments.Integer("max_tokens", 1) ?? UsualTokens;
        foreach (var prompt in prompts)
            CheckContext(prompt.Tokens, most, call.Model.ContextTokens);
        return new(prompts, choices, bestOf, most, arguments.Stops("stop"), isStream, arguments.StreamOptions(isStream), arguments.Boolean("echo"),
            arguments.Seed() ^ call.Seed);
    }

    private static void CheckContext(int promptTokens, int most, int context)
    {
        var total = (long)promptTokens + most;
        if (total <= context)
            return;
        // Without the code that a chat has: https://github.com/acheong08/ChatGPT/issues/501
        throw new RefusedException(OpenAIProblems.Invalid(
            $"This model's maximum context length is {context} tokens, however you requested {total} tokens ({promptTokens} in your prompt; {most} for the completion). Please reduce your prompt; or completion length.",
            null, null));
    }

    private static List<CompletionsPrompt> ReadPrompts(JsonElement? prompt)
    {
        // What every text begins with, which is one token.
        const string beginning = "<|endoftext|>";
        if (prompt is not { } value)
            return [new(beginning, 1)];
        if (value.ValueKind == JsonValueKind.String)
            return [Prompt(value.GetString()!)];
        if (value.ValueKind != JsonValueKind.Array)
            throw new RefusedException(OpenAIProblems.WrongType("prompt", "one of a string or an array", value));
        if (value.GetArrayLength() == 0)
            throw new RefusedException(OpenAIProblems.EmptyArray("prompt"));
        if (value[0].ValueKind == JsonValueKind.Number)
            return [TokenPrompt(value)];
        return [.. value.EnumerateArray().Select(item => item.ValueKind switch
        {
            JsonValueKind.String => Prompt(item.GetString()!),
            JsonValueKind.Array => TokenPrompt(item),
            _ => throw new RefusedException(OpenAIProblems.WrongType("prompt", "an array of strings or of arrays of integers", item)),
        })];
    }

    private static CompletionsPrompt Prompt(string text) => new(text, Tokenizer.Count(text));

    // Tokens of a vocabulary we do not have: their numbers are as good a text as any to depend on.
    private static CompletionsPrompt TokenPrompt(JsonElement tokens) => new(tokens.GetRawText(), tokens.GetArrayLength());
}
