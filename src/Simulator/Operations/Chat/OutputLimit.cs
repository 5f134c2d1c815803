using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>How much a chat may write.</summary>
internal static class OutputLimit
{
    public static int Of(Arguments arguments, Model model, int promptTokens)
    {
        var old = arguments.Integer("max_tokens", 1);
        var current = arguments.Integer("max_completion_tokens", 1);
        if (old is not null && current is not null)
        {
            throw new RefusedException(OpenAIProblems.Invalid(
                "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", null, "invalid_parameter_combination"));
        }

        if (promptTokens > model.ContextTokens)
            throw new RefusedException(TooLong(model, $"your messages resulted in {promptTokens} tokens. Please reduce the length of the messages."));
        var asked = old ?? current;
        if (asked > model.OutputTokens && !model.OutputIsWholeContext)
            throw new RefusedException(OpenAIProblems.TooManyTokensAsked(old is null ? "max_completion_tokens" : "max_tokens", asked.Value, model.OutputTokens));
        if (asked > model.ContextTokens - promptTokens)
        {
            throw new RefusedException(TooLong(model,
                $"you requested {(long)asked + promptTokens} tokens ({promptTokens} in the messages, {asked} in the completion). Please reduce the length of the messages or completion."));
        }

        return asked ?? Math.Min(model.OutputTokens, model.ContextTokens - promptTokens);
    }

    private static Problem TooLong(Model model, string rest) => OpenAIProblems.Invalid(
        $"This model's maximum context length is {model.ContextTokens} tokens. However, {rest}", "messages", "context_length_exceeded");
}
