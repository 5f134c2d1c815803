using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>What the o-series and gpt-5 refuse.</summary>
internal static class ReasoningRules
{
    private static readonly string[] Unsupported = ["top_p", "logprobs", "top_logprobs", "logit_bias"];
    private static readonly (string Name, double Usual)[] OnlyUsual = [("temperature", 1), ("presence_penalty", 0), ("frequency_penalty", 0)];

    public static void Check(Arguments arguments)
    {
        if (arguments.Any("max_tokens") is not null)
            throw new RefusedException(OpenAIProblems.UnsupportedParameter("max_tokens", "max_completion_tokens"));
        foreach (var (name, usual) in OnlyUsual)
        {
            // The service is written in Python, whose whole decimals end in .0.
            if (arguments.Decimal(name, -2, 2) is { } value && value != usual)
                throw new RefusedException(OpenAIProblems.UnsupportedValue(name, value == Math.Floor(value) ? $"{value:0.0}" : $"{value}", $"{usual}"));
        }

        foreach (var name in Unsupported)
        {
            if (arguments.Any(name) is not null)
                throw new RefusedException(OpenAIProblems.UnsupportedParameter(name));
        }
    }
}
