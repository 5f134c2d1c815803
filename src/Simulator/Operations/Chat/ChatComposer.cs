using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>Thinks up the answers to a chat.</summary>
internal static class ChatComposer
{
    public static Choice[] Compose(ChatRequest request, Model model)
    {
        var choices = new Choice[request.Choices];
        for (var index = 0; index < choices.Length; index++)
            choices[index] = Compose(request, model, index);
        return choices;
    }

    private static Choice Compose(ChatRequest request, Model model, int index)
    {
        var reasoning = model.Kind == ModelKind.Reasoning ? Math.Min(request.MostTokens, Reasoning(request, index)) : 0;
        var left = request.MostTokens - reasoning;
        // All was spent on thinking: an empty answer, and the reason is length.
        if (left == 0)
            return new(index, [new(SegmentKind.Content, "")], "length", reasoning, reasoning);
        return request.Tools.Called.Count > 0 ? Calls(request, index, left, reasoning) : Words(request, index, left, reasoning);
    }

    private static Choice Words(ChatRequest request, int index, int left, int reasoning)
    {
        var messages = request.Messages;
        var text = request.JsonSchema is { } schema
            ? new SchemaAuthor(schema, Topic(request, index), Dice(request, index)).Write()
            : Author.Write(messages.Text, messages.Question, request.Seed, index);
        var isFiltered = messages.Text.Contains(Triggers.FilterOutput, StringComparison.Ordinal);
        var (cut, reason, tokens) = Cutter.Cut(text, request.Stops, left, isFiltered);
        var (accepted, rejected) = request.Prediction is { } prediction ? Prediction.Compare(prediction, cut) : default;
        return new(index, [new(SegmentKind.Content, cut)], reason, tokens + reasoning + rejected, reasoning) { AcceptedTokens = accepted, RejectedTokens = rejected };
    }

    private static Choice Calls(ChatRequest request, int index, int left, int reasoning)
    {
        var tools = request.Tools;
        var segments = new List<Segment>();
        var spent = 0;
        foreach (var tool in tools.Called)
        {
            var arguments = new SchemaAuthor(tool.Parameters, Topic(request, index), Dice(request, index)).Write();
            var nameTokens = Math.Min(Tokenizer.Count(tool.Name), left - spent);
            var cut = arguments[..Tokenizer.LengthOf(arguments, left - spent - nameTokens)];
            var id = $"call_{Hash.Of(tool.Name + arguments, (ulong)index):x16}{Dice(request, segments.Count).Next() % 0x1_0000_0000:x8}";
            segments.Add(new(tools.AreFunctions ? SegmentKind.FunctionCall : SegmentKind.ToolCall, cut, tool.Name, nameTokens, id, segments.Count));
            spent += nameTokens + Tokenizer.Count(cut);
            if (cut.Length < arguments.Length)
                return new(index, segments, "length", spent + reasoning, reasoning);
        }

        // A call the caller has insisted on is the natural end of the answer.
        var reason = tools.AreFunctions ? "function_call" : tools.IsNamed ? "stop" : "tool_calls";
        return new(index, segments, reason, spent + reasoning, reasoning);
    }

    private static int Reasoning(ChatRequest request, int index) => request.ReasoningEffort switch
    {
        "none" or "minimal" => 0,
        "low" => 64,
        "high" => 448 + 64 * Dice(request, index).Below(8),
        _ => 128 + 64 * Dice(request, index).Below(4),
    };

    private static Dice Dice(ChatRequest request, int index) => new(Hash.Of(request.Messages.Text, Hash.Mix(request.Seed) ^ (ulong)index));

    private static Topic Topic(ChatRequest request, int index) => new(request.Messages.Question, Dice(request, index));
}
