using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Ends a text where a stop sequence, the content filter or the limit of tokens ends it.</summary>
internal static class Cutter
{
    public static (string Text, string FinishReason, int Tokens) Cut(string text, IReadOnlyList<string> stops, int mostTokens, bool isFiltered)
    {
        var reason = "stop";
        foreach (var stop in stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            text = at < 0 ? text : text[..at];
        }

        if (isFiltered)
        {
            text = text[..Tokenizer.LengthOf(text, 8)];
            reason = "content_filter";
        }

        var length = Tokenizer.LengthOf(text, mostTokens);
        if (length < text.Length)
        {
            text = text[..length];
            reason = "length";
        }

        return (text, reason, Tokenizer.Count(text));
    }
}
